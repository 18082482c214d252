/** The HTTP API operators and the command line use. */
@NullMarked
package dev.lockstep.api;

import org.jspecify.annotations.NullMarked;
