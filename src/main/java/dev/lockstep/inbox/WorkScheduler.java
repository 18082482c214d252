package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.Map;

/** Schedules work on a subject. Joins the caller's transaction. */
public interface WorkScheduler {

  /**
   * Adds hints to the subject's entry and makes it due. A dead letter is reopened only if the hints
   * add information to those of its last attempt; in particular not if there are none, as for
   * recurring checks.
   *
   * @param hints what was received, by record; may be empty
   * @param receivedAt when it was received
   */
  void schedule(Subject subject, Map<RecordRef, Hint> hints, Instant receivedAt);

  /** Schedules the subject after an operator's decision: a dead letter is reopened. */
  default void scheduleAfterDecision(Subject subject, Instant at) {
    schedule(subject, Map.of(), at);
  }
}
