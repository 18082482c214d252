package dev.lockstep.inbox;

import java.time.Instant;

/**
 * A verified webhook that could not be parsed, stored for an operator.
 *
 * @param system the sending system
 * @param deliveryId the sender's id of the delivery, or the hash of its body
 * @param body as received
 * @param problem why it could not be parsed, on one line
 */
public record UnparseableWebhook(
    String system, String deliveryId, String body, String problem, Instant receivedAt) {}
