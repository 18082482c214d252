package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.Map;

/**
 * Work in hand.
 *
 * @param outcomeUnknown an earlier attempt ended without our knowing what it did: what is
 *     remembered of the records can't be trusted
 * @param hints what was heard, by record
 * @param receivedAt when the oldest of it was heard
 */
public record InboxEntry(
    Subject subject, boolean outcomeUnknown, Map<RecordRef, Hint> hints, Instant receivedAt) {

  public InboxEntry {
    hints = Map.copyOf(hints);
  }

  /** The same work, but with the systems asked for what they hold if {@code must}. */
  public InboxEntry withRefetch(boolean must) {
    return new InboxEntry(subject, outcomeUnknown || must, hints, receivedAt);
  }

  /** The same work, but with what was just fetched taken as it is. */
  public InboxEntry withoutRefetch() {
    return new InboxEntry(subject, false, hints, receivedAt);
  }
}
