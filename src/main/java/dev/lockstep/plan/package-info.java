/** Compares two records with what they last agreed on and says what to write; pure. */
@NullMarked
package dev.lockstep.plan;

import org.jspecify.annotations.NullMarked;
