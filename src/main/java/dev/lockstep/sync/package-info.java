/**
 * The steps of a pass over a correlation, in the order of {@code routes/}: refresh, start, link,
 * plan and write, deliver notes. Each commits what it did; a crash between any two steps loses and
 * repeats nothing. They are in one package, since only they may change the {@link
 * dev.lockstep.sync.Pass} they share.
 */
@NullMarked
package dev.lockstep.sync;

import org.jspecify.annotations.NullMarked;
