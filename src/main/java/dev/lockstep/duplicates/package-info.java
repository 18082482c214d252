/**
 * Duplicate detection, as two steps around the sync of a correlation: compares a record before a
 * pair starts for it, proposes duplicates and links them to their primary. Every decision can be
 * undone.
 */
@NullMarked
package dev.lockstep.duplicates;

import org.jspecify.annotations.NullMarked;
