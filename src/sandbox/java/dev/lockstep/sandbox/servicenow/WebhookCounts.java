package dev.lockstep.sandbox.servicenow;

/**
 * What became of the business rule's messages. A business rule does not repeat itself: what is not
 * accepted is gone.
 *
 * @param accepted answered 2xx
 * @param refused answered otherwise
 * @param undelivered no answer in time, nobody there, or the queue was full
 * @param pending not sent yet, or being sent
 */
public record WebhookCounts(long accepted, long refused, long undelivered, long pending) {}
