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

  /** The same for whatever a record belongs to now: its correlation, or the record itself. */
  void schedule(RecordRef record, Map<RecordRef, Hint> hints, Instant receivedAt);

  /** Schedules whatever a record belongs to at that time, rounded up to the second, once. */
  void scheduleAt(RecordRef record, Instant at);

  /** Schedules a record after an operator's decision: a dead letter is reopened. */
  void scheduleAfterDecision(RecordRef record, Instant at);

  /** Whether the subject has an entry: work that waits, is being done, or is a dead letter. */
  boolean isPending(Subject subject);

  /**
   * Moves what waits for one subject to another, so that from then on nobody processes the former.
   * To be called in the transaction that gives the latter the records of the former.
   *
   * @return false, and nothing is moved, if the former is being processed
   */
  boolean absorb(Subject former, Subject into, Instant at);
}
