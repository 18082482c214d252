/**
 * What is stored of records: their state, the correlation and the pairs they belong to, base, notes
 * with their deliveries, and audit.
 */
@NullMarked
package dev.lockstep.pair;

import org.jspecify.annotations.NullMarked;
