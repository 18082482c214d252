package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The table {@code scheduled_tasks}: when each subject is due. db-scheduler ensures that at most
 * one worker processes a subject at a time.
 */
@Component
class WorkQueue {
  static final String TASK = "process-entry";

  /** Work that is not due yet, so that it does not wait in the inbox. */
  static final String DELAYED_TASK = "look-at-record";

  private static final String TIME_SEPARATOR = "@";

  private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);

  private final ObjectProvider<Scheduler> scheduler;
  private final Clock clock;

  /**
   * @param scheduler resolved lazily, since the scheduler is built from tasks that need this queue
   */
  WorkQueue(ObjectProvider<Scheduler> scheduler, Clock clock) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /**
   * Adds the subject unless it is queued. The caller must hold the lock on the subject's row in
   * {@code inbox_entry}, which serializes callers and finishing workers.
   */
  void enqueue(Subject subject) {
    boolean added =
        scheduler
            .getObject()
            .scheduleIfNotExists(new TaskInstance<Void>(TASK, subject.toString()), clock.instant());
    if (added) {
      pollNow();
    }
  }

  /**
   * Schedules a record for later processing, once. The time is a part of the task's id, since the
   * running execution still exists when it schedules the next one.
   */
  void scheduleAt(RecordRef record, Instant at) {
    Instant second = at.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    scheduler
        .getObject()
        .scheduleIfNotExists(
            new TaskInstance<Void>(DELAYED_TASK, record + TIME_SEPARATOR + second), second);
  }

  /** The record of a task of this kind. */
  static RecordRef recordOf(String id) {
    return RecordRef.parse(id.substring(0, id.lastIndexOf(TIME_SEPARATOR)));
  }

  /** Makes queued work due now. The caller must hold the lock on the subject's row. */
  void runNow(Subject subject) {
    try {
      scheduler
          .getObject()
          .schedule(
              new TaskInstance<Void>(TASK, subject.toString()),
              clock.instant(),
              SchedulerClient.ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
      pollNow();
    } catch (TaskInstanceCurrentlyExecutingException | ExecutionException e) {
      // The scheduler picked it up meanwhile.
      LOG.debug("{} is already being picked up", subject);
    }
  }

  /** Checks for due work immediately, or after the current transaction is committed. */
  void pollNow() {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      scheduler.getObject().triggerCheckForDueExecutions();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            scheduler.getObject().triggerCheckForDueExecutions();
          }
        });
  }
}
