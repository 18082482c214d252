/** Durable work queue: received events, processing, retries and dead letters. */
@NullMarked
package dev.lockstep.inbox;

import org.jspecify.annotations.NullMarked;
