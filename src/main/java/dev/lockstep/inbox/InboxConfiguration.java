package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.lockstep.pause.Pauses;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** The schedulers of the inbox and of recurring work. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InboxSettings.class)
class InboxConfiguration {
  private static final Duration RELEASED_EVERY = Duration.ofSeconds(5);

  @Bean
  Task<Void> processEntryTask(Worker worker) {
    return Tasks.custom(WorkQueue.TASK, Void.class)
        .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(1)))
        .onDeadExecutionRevive()
        .execute((instance, context) -> worker.work(Subject.parse(instance.getId())));
  }

  @Bean
  Task<Void> delayedRecordTask(WorkScheduler work, Clock clock) {
    return Tasks.oneTime(WorkQueue.DELAYED_TASK)
        .execute(
            (instance, context) ->
                work.schedule(WorkQueue.recordOf(instance.getId()), Map.of(), clock.instant()));
  }

  /**
   * Runs the inbox. Fetches no more executions than there are threads: an execution that waits in a
   * queue of the process has no heartbeat and would be considered dead.
   */
  @Bean(destroyMethod = "")
  @Primary
  Scheduler scheduler(DataSource database, List<Task<Void>> tasks, InboxSettings settings) {
    return withHeartbeat(
            Scheduler.create(new TransactionAwareDataSourceProxy(database), List.copyOf(tasks)))
        .enablePriority()
        .threads(settings.threads())
        .pollUsingLockAndFetch(0.75, 1.0)
        .pollingInterval(settings.pollInterval())
        .enableImmediateExecution()
        .build();
  }

  @Bean
  RecurringWork endOfPauses(Pauses pauses) {
    return new RecurringWork(
        List.of(new RecurringWork.Job("release-paused-work", RELEASED_EVERY, pauses::release)));
  }

  /**
   * Polls and other recurring work use their own threads and table: a full inbox must not delay
   * them, and a hanging system must not occupy the inbox's threads.
   */
  @Bean(destroyMethod = "")
  Scheduler recurringScheduler(
      DataSource database, List<RecurringWork> recurring, InboxSettings settings) {
    List<RecurringTask<Void>> jobs =
        recurring.stream()
            .flatMap(work -> work.jobs().stream())
            .map(InboxConfiguration::recurring)
            .toList();
    int threads = Math.max(1, jobs.size());
    return withHeartbeat(
            Scheduler.create(new TransactionAwareDataSourceProxy(database)).startTasks(jobs))
        .tableName("recurring_task")
        .threads(threads)
        .pollUsingLockAndFetch(0.5, 1.0)
        .pollingInterval(settings.pollInterval())
        .build();
  }

  /**
   * Work whose process died is taken over after ten seconds without a heartbeat: long enough for a
   * busy machine or database. The name is new with every start, so that a restarted process does
   * not mistake its predecessor's work for its own.
   */
  private static SchedulerBuilder withHeartbeat(SchedulerBuilder scheduler) {
    return scheduler
        .schedulerName(new SchedulerName.Fixed("lockstep-" + UUID.randomUUID()))
        .heartbeatInterval(Duration.ofSeconds(2))
        .missedHeartbeatsLimit(5)
        .shutdownMaxWait(Duration.ofSeconds(10));
  }

  @Bean
  RecurringWork backlogSamples(BacklogQueries backlog) {
    return new RecurringWork(
        List.of(new RecurringWork.Job("sample-backlog", Duration.ofMinutes(1), backlog::sample)));
  }

  private static RecurringTask<Void> recurring(RecurringWork.Job job) {
    return Tasks.recurring(job.name(), FixedDelay.of(job.interval()))
        .execute((instance, context) -> job.work().run());
  }
}
