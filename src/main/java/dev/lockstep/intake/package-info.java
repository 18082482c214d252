/** Verifies and normalises webhooks and stores them in the inbox. */
@NullMarked
package dev.lockstep.intake;

import org.jspecify.annotations.NullMarked;
