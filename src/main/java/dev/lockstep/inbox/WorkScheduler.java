package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.Map;

/** Schedules work on a subject. Joins the caller's transaction. */
public interface WorkScheduler {

  /**
   * A dead letter stays one unless the hints say more of a record than it was last tried with; so
   * does one that is woken without hints, as a routine does.
   *
   * @param hints what was received of its records; may be empty
   * @param heardAt since when the work waits
   */
  void schedule(Subject subject, Map<RecordRef, Hint> hints, Instant heardAt);

  /** Something was decided about the subject: where it is a dead letter, it is tried again. */
  default void scheduleAfterDecision(Subject subject, Instant at) {
    schedule(subject, Map.of(), at);
  }
}
