/**
 * What is stored of records: their state, the correlation and the pairs they belong to, base, and
 * notes with their deliveries.
 */
@NullMarked
package dev.lockstep.pair;

import org.jspecify.annotations.NullMarked;
