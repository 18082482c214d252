package dev.lockstep.testkit;

import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/** Takes note of the records that are scheduled, and schedules none. */
public record RecordedWork(Consumer<RecordRef> scheduled) implements WorkScheduler {

  @Override
  public void schedule(Subject subject, Map<RecordRef, Hint> hints, Instant receivedAt) {
    hints.keySet().forEach(scheduled);
  }

  @Override
  public void schedule(RecordRef record, Map<RecordRef, Hint> hints, Instant receivedAt) {
    scheduled.accept(record);
  }

  @Override
  public void scheduleAt(RecordRef record, Instant at) {
    scheduled.accept(record);
  }

  @Override
  public void scheduleAfterDecision(RecordRef record, Instant at) {
    scheduled.accept(record);
  }

  @Override
  public boolean isPending(Subject subject) {
    return false;
  }

  @Override
  public boolean absorb(Subject former, Subject into, Instant at) {
    throw new UnsupportedOperationException();
  }
}
