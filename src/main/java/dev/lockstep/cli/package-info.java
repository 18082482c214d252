/** The commands of {@code ./lockstep}. */
@NullMarked
package dev.lockstep.cli;

import org.jspecify.annotations.NullMarked;
