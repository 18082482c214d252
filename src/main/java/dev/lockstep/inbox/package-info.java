/** Durable work: what was received, who works on it, what failed and what waits for a person. */
@NullMarked
package dev.lockstep.inbox;

import org.jspecify.annotations.NullMarked;
