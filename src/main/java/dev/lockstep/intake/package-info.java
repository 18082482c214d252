/** Verifies and normalises what other systems send, and hands it to the inbox. */
@NullMarked
package dev.lockstep.intake;

import org.jspecify.annotations.NullMarked;
