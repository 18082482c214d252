/**
 * The steps of a pass over a correlation, in the order of {@code routes/}: refresh, start, link,
 * plan and write, deliver notes. Each commits what it did; a crash between any two steps loses and
 * repeats nothing.
 */
@NullMarked
package dev.lockstep.sync;

import org.jspecify.annotations.NullMarked;
