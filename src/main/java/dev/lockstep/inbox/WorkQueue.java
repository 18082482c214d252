package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Clock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * When each subject is worked on: the table {@code scheduled_tasks}, kept by db-scheduler, which
 * also sees to it that a subject is in at most one pair of hands.
 */
class WorkQueue {
  static final String TASK = "reconcile";

  private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);

  private final Supplier<Scheduler> scheduler;
  private final Clock clock;

  /**
   * @param scheduler asked for late, since the scheduler is built from tasks that need this queue
   */
  WorkQueue(Supplier<Scheduler> scheduler, Clock clock) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /**
   * Puts the subject on the list unless it is there. The caller holds the lock on the subject's row
   * in {@code inbox_entry}: it makes two callers, or a caller and a finishing worker, take turns.
   */
  void enqueue(Subject subject) {
    scheduler
        .get()
        .scheduleIfNotExists(new TaskInstance<Void>(TASK, subject.toString()), clock.instant());
  }

  /** Brings waiting work forward to now. The caller holds the lock on the subject's row. */
  void runNow(Subject subject) {
    try {
      scheduler
          .get()
          .schedule(
              new TaskInstance<Void>(TASK, subject.toString()),
              clock.instant(),
              SchedulerClient.ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
    } catch (TaskInstanceCurrentlyExecutingException | ExecutionException e) {
      // The scheduler picked it up between our look and our update.
      LOG.debug("{} is being taken up already", subject);
    }
  }

  /**
   * Looks for due work now rather than at the next round; once the transaction, if any, is over.
   */
  void pollNow() {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      scheduler.get().triggerCheckForDueExecutions();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            scheduler.get().triggerCheckForDueExecutions();
          }
        });
  }
}
