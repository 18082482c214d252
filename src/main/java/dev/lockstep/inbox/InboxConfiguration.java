package dev.lockstep.inbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.connector.Backoff;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** Beans of the inbox. */
@Configuration(proxyBeanMethods = false)
class InboxConfiguration {

  @Bean
  InboxStore inboxStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
    return new InboxStore(jdbc, json, clock);
  }

  /** The bean name determines the component name in the health details and application.yaml. */
  @Bean
  InboxHealth inboxHealthIndicator(InboxStore store, TransactionTemplate transaction, Clock clock) {
    return new InboxHealth(store, transaction, clock);
  }

  @Bean
  WorkQueue workQueue(ObjectProvider<Scheduler> scheduler, Clock clock) {
    return new WorkQueue(scheduler::getObject, clock);
  }

  @Bean
  JdbcInbox inbox(
      InboxStore store,
      WorkQueue queue,
      PairLookup pairs,
      TransactionTemplate transaction,
      MeterRegistry metrics) {
    return new JdbcInbox(store, queue, pairs, transaction, metrics);
  }

  @Bean
  JdbcDeadLetters deadLetters(
      JdbcClient jdbc,
      AuditStore audit,
      InboxStore store,
      WorkQueue queue,
      PairLookup pairs,
      TransactionTemplate transaction,
      Clock clock) {
    return new JdbcDeadLetters(
        store, new DeadLetterStore(jdbc, audit, clock), queue, pairs, transaction, clock);
  }

  @Bean
  Worker worker(
      InboxStore store,
      EntryHandler handler,
      DeliveryReplay replay,
      PairLookup pairs,
      TransactionTemplate transaction,
      @Value("${lockstep.inbox.retry.initial-delay:1s}") Duration initialDelay,
      @Value("${lockstep.inbox.retry.max-delay:60s}") Duration maxDelay,
      Clock clock,
      MeterRegistry metrics) {
    return new Worker(
        store,
        handler,
        replay,
        pairs,
        transaction,
        new Backoff(initialDelay, maxDelay, 0.5),
        RandomGenerator.of("L64X128MixRandom"),
        clock,
        metrics);
  }

  @Bean
  Task<Void> processEntryTask(Worker worker) {
    return Tasks.custom(WorkQueue.TASK, Void.class)
        .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(1)))
        .onDeadExecutionRevive()
        .execute((instance, context) -> worker.work(Subject.parse(instance.getId())));
  }

  /**
   * Runs the inbox. Fetches no more executions than there are threads: an execution that waits in a
   * queue of the process has no heartbeat and would be considered dead.
   */
  @Bean(destroyMethod = "")
  @Primary
  Scheduler scheduler(
      DataSource database,
      Task<Void> processEntry,
      @Value("${lockstep.inbox.poll-interval:1s}") Duration pollInterval,
      @Value("${lockstep.inbox.threads:24}") int threads) {
    return withHeartbeat(
            Scheduler.create(new TransactionAwareDataSourceProxy(database), processEntry))
        .threads(threads)
        .pollUsingLockAndFetch(0.75, 1.0)
        .pollingInterval(pollInterval)
        .enableImmediateExecution()
        .build();
  }

  /**
   * Polls and other recurring work use their own threads and table: a full inbox must not delay
   * them, and a hanging system must not occupy the inbox's threads.
   */
  @Bean(destroyMethod = "")
  Scheduler recurringScheduler(
      DataSource database,
      List<RecurringWork> recurring,
      @Value("${lockstep.inbox.poll-interval:1s}") Duration pollInterval) {
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
        .pollingInterval(pollInterval)
        .build();
  }

  /**
   * Work whose process died is taken over after ten seconds without a heartbeat: long enough for a
   * busy machine or database. The name is new with every start, so that a restarted process does
   * not mistake its predecessor's work for its own.
   */
  @Bean
  WorkStopper workStopper(ObjectProvider<Scheduler> schedulers) {
    return new WorkStopper(schedulers);
  }

  /** Stops work before the beans it uses are destroyed. */
  record WorkStopper(ObjectProvider<Scheduler> schedulers) {
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    public void stop() {
      // Waits for running executions.
      schedulers.forEach(Scheduler::stop);
    }
  }

  private static SchedulerBuilder withHeartbeat(SchedulerBuilder scheduler) {
    return scheduler
        .schedulerName(new SchedulerName.Fixed("lockstep-" + UUID.randomUUID()))
        .heartbeatInterval(Duration.ofSeconds(2))
        .missedHeartbeatsLimit(5)
        .shutdownMaxWait(Duration.ofSeconds(10));
  }

  private static RecurringTask<Void> recurring(RecurringWork.Job job) {
    return Tasks.recurring(job.name(), FixedDelay.of(job.interval()))
        .execute((instance, context) -> job.work().run());
  }

  @Bean
  InboxGauges inboxGauges(InboxStore store, Clock clock, MeterRegistry metrics) {
    return new InboxGauges(store, clock, metrics);
  }

  /** Gauges of the inbox: queried from the database once per scrape. */
  static final class InboxGauges {
    /** The gauges of one scrape are read within this time and share one query. */
    private static final Duration SCRAPE = Duration.ofSeconds(1);

    private final InboxStore store;
    private final Clock clock;
    private Map<InboxStore.State, Long> counts = Map.of();
    private Instant countedAt = Instant.MIN;

    InboxGauges(InboxStore store, Clock clock, MeterRegistry metrics) {
      this.store = store;
      this.clock = clock;
      for (var state : InboxStore.State.values()) {
        Gauge.builder("lockstep.inbox.entries", () -> count(state))
            .tag("state", state.name())
            .register(metrics);
      }
      Gauge.builder("lockstep.dead.letters", () -> count(InboxStore.State.DEAD_LETTER))
          .register(metrics);
      Gauge.builder(
              "lockstep.inbox.oldest.seconds",
              () ->
                  store
                      .findOldest()
                      .map(since -> Duration.between(since, clock.instant()).toSeconds())
                      .orElse(0L))
          .register(metrics);
    }

    private synchronized long count(InboxStore.State state) {
      Instant now = clock.instant();
      if (now.isAfter(countedAt.plus(SCRAPE))) {
        counts = store.countByState();
        countedAt = now;
      }
      return counts.getOrDefault(state, 0L);
    }
  }
}
