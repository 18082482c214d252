package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.Map;

/**
 * An entry that is being processed.
 *
 * @param outcomeUnknown an earlier attempt ended with an unknown outcome: the stored state of the
 *     records must not be trusted
 * @param hints what was received, by record
 * @param receivedAt when the oldest of it was received
 * @param rejected steps that a system rejected in an earlier attempt, by name
 */
public record InboxEntry(
    Subject subject,
    boolean outcomeUnknown,
    Map<RecordRef, Hint> hints,
    Instant receivedAt,
    Map<String, Rejection> rejected) {

  public InboxEntry {
    hints = Map.copyOf(hints);
    rejected = Map.copyOf(rejected);
  }

  public InboxEntry(
      Subject subject, boolean outcomeUnknown, Map<RecordRef, Hint> hints, Instant receivedAt) {
    this(subject, outcomeUnknown, hints, receivedAt, Map.of());
  }

  /** A copy that forces its records to be fetched if {@code must} is true. */
  public InboxEntry withRefetch(boolean must) {
    return new InboxEntry(subject, outcomeUnknown || must, hints, receivedAt, rejected);
  }

  /** A copy that trusts the stored state, for use after its records were fetched. */
  public InboxEntry withoutRefetch() {
    return new InboxEntry(subject, false, hints, receivedAt, rejected);
  }
}
