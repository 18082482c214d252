/** The HTTP API for operators, used by the command line. */
@NullMarked
package dev.lockstep.api;

import org.jspecify.annotations.NullMarked;
