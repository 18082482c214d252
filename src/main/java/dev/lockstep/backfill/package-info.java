/**
 * Starts syncing what is open already, and carries out saved plans: a few records at a time, as if
 * they had just been received.
 */
@NullMarked
package dev.lockstep.backfill;

import org.jspecify.annotations.NullMarked;
