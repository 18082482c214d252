package dev.lockstep.sandbox.http;

/**
 * What became of a simulator's webhooks so far.
 *
 * @param delivered answered 2xx
 * @param attempts all requests made
 * @param retried attempts that were or will be repeated
 * @param refused given up after an answer that was not 2xx
 * @param undelivered given up without an answer: none in time, or nobody there
 * @param discarded thrown away while they waited, when a subscription was disabled
 * @param lost never sent because a fault said so
 * @param pending not sent yet, being sent, or waiting for a retry
 */
public record WebhookCounts(
    long delivered,
    long attempts,
    long retried,
    long refused,
    long undelivered,
    long discarded,
    long lost,
    long pending) {

  /** All that were accepted for delivery and will not arrive. */
  public long dropped() {
    return refused + undelivered + discarded;
  }
}
