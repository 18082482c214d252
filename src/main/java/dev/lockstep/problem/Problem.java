package dev.lockstep.problem;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A problem that several incidents have in common, or may have.
 *
 * @param counterpart its record in another system; empty while there is none
 * @param knownState the state of that record, as last seen
 * @param decidedAt null while it is proposed
 * @param decidedBy {@code lockstep} if it was accepted by setting
 */
record Problem(
    long id,
    long revision,
    State state,
    String service,
    String title,
    String counterpart,
    String counterpartKey,
    String knownState,
    Instant proposedAt,
    @Nullable Instant decidedAt,
    String decidedBy,
    Instant changedAt) {
  static final String SYSTEM = "lockstep";
  static final String KIND = "problem";

  /** What was decided. */
  public enum State {
    PROPOSED,
    ACCEPTED,
    REJECTED
  }

  RecordRef ref() {
    return new RecordRef(SYSTEM, KIND, Long.toString(id));
  }
}
