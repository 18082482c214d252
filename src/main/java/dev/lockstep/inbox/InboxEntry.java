package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.Map;

/**
 * Work in hand.
 *
 * @param attempts how often this work was begun, this time included
 * @param doubt an earlier attempt ended without our knowing what it did: what is remembered of the
 *     records can't be trusted
 * @param hints what was heard, by record
 * @param receivedAt when the oldest of it was heard
 */
public record InboxEntry(
    Subject subject,
    long generation,
    int attempts,
    boolean doubt,
    Map<RecordRef, Hint> hints,
    Instant receivedAt) {

  public InboxEntry {
    hints = Map.copyOf(hints);
  }

  /** The same work, but with the systems asked for what they hold if {@code must}. */
  public InboxEntry asking(boolean must) {
    return new InboxEntry(subject, generation, attempts, doubt || must, hints, receivedAt);
  }

  /** The same work, but with what was just fetched taken as it is. */
  public InboxEntry trusting() {
    return new InboxEntry(subject, generation, attempts, false, hints, receivedAt);
  }
}
