/**
 * Leads a duplicate: hangs it under its primary, keeps it with it, takes it out again. Decisions
 * come in, calls to the systems go out.
 */
@NullMarked
package dev.lockstep.duplicates.consolidate;

import org.jspecify.annotations.NullMarked;
