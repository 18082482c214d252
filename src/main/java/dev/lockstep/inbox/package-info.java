/**
 * Durable work queue: received events, processing, retries and dead letters. In one package, so
 * that only its own classes touch its rows.
 */
@NullMarked
package dev.lockstep.inbox;

import org.jspecify.annotations.NullMarked;
