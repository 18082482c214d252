/** Carries a plan out step by step and survives a crash between any two. */
@NullMarked
package dev.lockstep.sync;

import org.jspecify.annotations.NullMarked;
