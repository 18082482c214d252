/** Starts Lockstep and puts its parts together. */
@NullMarked
package dev.lockstep;

import org.jspecify.annotations.NullMarked;
