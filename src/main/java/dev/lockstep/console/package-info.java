/** The HTTP API operators and the command line use. */
@NullMarked
package dev.lockstep.console;

import org.jspecify.annotations.NullMarked;
