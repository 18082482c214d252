/**
 * Carries out decisions about duplicates: links a child to its primary, keeps it in step, unlinks
 * it. Decisions come in, calls to the systems go out.
 */
@NullMarked
package dev.lockstep.duplicates.consolidate;

import org.jspecify.annotations.NullMarked;
