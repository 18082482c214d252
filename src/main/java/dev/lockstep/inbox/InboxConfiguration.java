package dev.lockstep.inbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.lockstep.connector.Backoff;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the inbox together. */
@Configuration(proxyBeanMethods = false)
class InboxConfiguration {

  @Bean
  InboxStore inboxStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
    return new InboxStore(jdbc, json, clock);
  }

  @Bean
  WorkQueue workQueue(ObjectProvider<Scheduler> scheduler, Clock clock) {
    return new WorkQueue(scheduler::getObject, clock);
  }

  @Bean
  DurableInbox inbox(
      InboxStore store,
      WorkQueue queue,
      PairDirectory pairs,
      TransactionTemplate transaction,
      MeterRegistry metrics) {
    return new DurableInbox(store, queue, pairs, transaction, metrics);
  }

  @Bean
  BlockedEntries deadLetters(
      InboxStore store,
      WorkQueue queue,
      PairDirectory pairs,
      TransactionTemplate transaction,
      Clock clock) {
    return new BlockedEntries(store, queue, pairs, transaction, clock);
  }

  @Bean
  Worker worker(
      InboxStore store,
      Reconciliation reconciliation,
      DeliveryReplay replay,
      TransactionTemplate transaction,
      @Value("${lockstep.inbox.retry.first:1s}") Duration first,
      @Value("${lockstep.inbox.retry.most:60s}") Duration most,
      Clock clock,
      MeterRegistry metrics) {
    return new Worker(
        store,
        reconciliation,
        replay,
        transaction,
        new Backoff(first, most, 0.5),
        RandomGenerator.of("L64X128MixRandom"),
        clock,
        metrics);
  }

  @Bean
  Task<Void> reconcileTask(Worker worker) {
    return Tasks.custom(WorkQueue.TASK, Void.class)
        .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(1)))
        .onDeadExecutionRevive()
        .execute((instance, context) -> worker.work(Subject.parse(instance.getId())));
  }

  /**
   * Work whose process died is taken up after four missed heartbeats. The name is new with every
   * start, so that a restarted process does not mistake its predecessor's work for its own.
   */
  @Bean(destroyMethod = "stop")
  Scheduler scheduler(
      DataSource database,
      Task<Void> reconcile,
      List<RecurringWork> recurring,
      @Value("${lockstep.inbox.look:1s}") Duration look,
      @Value("${lockstep.inbox.threads:16}") int threads) {
    return Scheduler.create(new TransactionAwareDataSourceProxy(database), reconcile)
        .startTasks(
            recurring.stream()
                .flatMap(work -> work.jobs().stream())
                .map(InboxConfiguration::recurring)
                .toList())
        .schedulerName(new SchedulerName.Fixed("lockstep-" + UUID.randomUUID()))
        .threads(threads)
        .pollUsingLockAndFetch(0.5, 2.0)
        .pollingInterval(look)
        .enableImmediateExecution()
        .heartbeatInterval(Duration.ofSeconds(1))
        .missedHeartbeatsLimit(4)
        .shutdownMaxWait(Duration.ofSeconds(10))
        .build();
  }

  private static RecurringTask<Void> recurring(RecurringWork.Job job) {
    return Tasks.recurring(job.name(), FixedDelay.of(job.interval()))
        .execute((instance, context) -> job.work().run());
  }

  @Bean
  InboxGauges inboxGauges(InboxStore store, Clock clock, MeterRegistry metrics) {
    return new InboxGauges(store, clock, metrics);
  }

  /** What waits, for the metrics: asked of the database when somebody looks. */
  static final class InboxGauges {
    InboxGauges(InboxStore store, Clock clock, MeterRegistry metrics) {
      for (var state : InboxStore.State.values()) {
        Gauge.builder("lockstep.inbox.entries", () -> store.counts().getOrDefault(state, 0L))
            .tag("state", state.name())
            .register(metrics);
      }
      Gauge.builder(
              "lockstep.dead.letters",
              () -> store.counts().getOrDefault(InboxStore.State.BLOCKED, 0L))
          .register(metrics);
      Gauge.builder(
              "lockstep.inbox.oldest.seconds",
              () ->
                  store
                      .oldest()
                      .map(since -> Duration.between(since, clock.instant()).toSeconds())
                      .orElse(0L))
          .register(metrics);
    }
  }
}
