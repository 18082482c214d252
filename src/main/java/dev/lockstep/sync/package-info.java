/** Executes a plan step by step; a crash between any two steps loses and repeats nothing. */
@NullMarked
package dev.lockstep.sync;

import org.jspecify.annotations.NullMarked;
