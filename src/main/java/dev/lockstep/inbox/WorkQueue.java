package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Clock;
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
