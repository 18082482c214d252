package dev.lockstep.inbox;

import java.time.Instant;

/**
 * A rightly signed delivery that could not be understood, kept for a person.
 *
 * @param system whose webhook it came to
 * @param deliveryId the sender's id of the delivery, or the hash of its body
 * @param body as received
 * @param problem what could not be understood, in one line
 */
public record UnparseableWebhook(
    String system, String deliveryId, String body, String problem, Instant receivedAt) {}
