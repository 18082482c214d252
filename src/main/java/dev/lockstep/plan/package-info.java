/**
 * Compares two records with their last agreed values and decides what to write, and afterwards what
 * the write changed; pure.
 */
@NullMarked
package dev.lockstep.plan;

import org.jspecify.annotations.NullMarked;
