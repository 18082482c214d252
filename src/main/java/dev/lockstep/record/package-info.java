/** The vocabulary every stage shares: records, notes and versions; JDK only. */
@NullMarked
package dev.lockstep.record;

import org.jspecify.annotations.NullMarked;
