package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import dev.lockstep.connector.Backoff;
import dev.lockstep.connector.Rejected;
import dev.lockstep.connector.RetryLater;
import dev.lockstep.connector.Unavailable;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Begins an entry, has it reconciled, then settles, retries or blocks it. At least once: a crash
 * anywhere leaves the entry, and whoever takes it up next knows by its {@code doubt}.
 */
class Worker {
  /** A failure that is no system's fault is ours: after this many tries a person must look. */
  static final int MOST_ATTEMPTS_ON_BUGS = 5;

  /**
   * What was heard during a pass is given out the moment that pass is settled, which may be a
   * moment before it is let out of hand.
   */
  private static final Duration NEXT_LOOK = Duration.ofMillis(50);

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final InboxStore store;
  private final Reconciliation reconciliation;
  private final DeliveryReplay replay;
  private final TransactionTemplate transaction;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final Clock clock;
  private final Timer lag;
  private final Set<Subject> inHand = ConcurrentHashMap.newKeySet();

  Worker(
      InboxStore store,
      Reconciliation reconciliation,
      DeliveryReplay replay,
      TransactionTemplate transaction,
      Backoff backoff,
      RandomGenerator random,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.reconciliation = reconciliation;
    this.replay = replay;
    this.transaction = transaction;
    this.backoff = backoff;
    this.random = random;
    this.clock = clock;
    this.lag =
        Timer.builder("lockstep.lag")
            .description("From hearing of a change to having dealt with it")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(5))
            .maximumExpectedValue(Duration.ofMinutes(10))
            .register(metrics);
  }

  /**
   * One pass at a time, whatever the scheduler believes: where heartbeats are late, since the
   * machine or the database is slow, or the work waited long for a thread, it takes work that is
   * under way for dead and gives it out again.
   */
  CompletionHandler<Void> work(Subject subject) {
    if (!inHand.add(subject)) {
      LOG.debug("{} is in hand already; looking again in {}", subject, NEXT_LOOK);
      return (complete, operations) ->
          operations.reschedule(complete, clock.instant().plus(NEXT_LOOK));
    }
    try {
      CompletionHandler<Void> end = pass(subject);
      return (complete, operations) -> {
        try {
          end.complete(complete, operations);
        } finally {
          inHand.remove(subject);
        }
      };
    } catch (RuntimeException | Error e) {
      inHand.remove(subject);
      throw e;
    }
  }

  private CompletionHandler<Void> pass(Subject subject) {
    Optional<InboxStore.Row> begun = begin(subject);
    if (begun.isEmpty()) {
      return (complete, operations) -> operations.stop();
    }
    var row = begun.get();
    try {
      process(row);
      return (complete, operations) -> settle(row, complete, operations);
    } catch (RetryLater e) {
      LOG.info("{} waits {} ms: {}", subject, e.delay().toMillis(), e.getMessage());
      return waiting(row, e);
    } catch (Unavailable e) {
      LOG.warn("{} got no answer: {}", subject, e.getMessage());
      Backoff wish = e.backoff();
      return again(row, e, delay(row, wish == null ? backoff : wish), true);
    } catch (Rejected e) {
      LOG.error("{} needs a person: {} {}", subject, e.getMessage(), e.advice());
      return block(row, e);
    } catch (DataAccessException e) {
      LOG.warn("{} waits for the database: {}", subject, e.getMessage());
      return again(row, e, delay(row), true);
    } catch (RuntimeException e) {
      LOG.error("{} failed", subject, e);
      return row.attempts() < MOST_ATTEMPTS_ON_BUGS
          ? again(row, e, delay(row), true)
          : block(row, e);
    }
  }

  private Optional<InboxStore.Row> begin(Subject subject) {
    return Optional.ofNullable(
        transaction.execute(
            status -> {
              var row = store.lock(subject).orElse(null);
              if (row == null || row.state() == InboxStore.State.BLOCKED) {
                return null;
              }
              store.begin(subject);
              return row;
            }));
  }

  private void process(InboxStore.Row row) {
    if (row.payload() != null) {
      replay(row.payload());
      return;
    }
    reconciliation.process(
        new InboxEntry(row.subject(), row.doubt(), row.hints(), row.receivedAt()));
  }

  private void replay(Undeliverable delivery) {
    try {
      replay.replay(delivery);
    } catch (IllegalArgumentException e) {
      throw new Rejected(
          0,
          "delivery " + delivery.deliveryId() + " of " + delivery.system(),
          String.valueOf(e.getMessage()),
          "It still can't be understood: mend what sends it, upgrade Lockstep, or discard it.");
    }
  }

  /**
   * Removes the entry, unless something was heard since it was begun. The row's lock keeps anyone
   * from adding to it meanwhile; the scheduler's own statement comes last, since it commits.
   */
  private void settle(
      InboxStore.Row row, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    transaction.executeWithoutResult(
        status -> {
          var now = store.lock(row.subject());
          if (now.isPresent() && now.get().generation() != row.generation()) {
            store.startAfresh(row.subject());
            operations.reschedule(complete, clock.instant());
          } else {
            store.delete(row.subject());
            operations.stop();
          }
        });
    lag.record(Duration.between(row.receivedAt(), clock.instant()));
  }

  /** Nothing was done, so this was no attempt. All who were told to wait are not let go at once. */
  private CompletionHandler<Void> waiting(InboxStore.Row row, RetryLater asked) {
    Duration delay =
        asked.delay().plusMillis((long) (asked.delay().toMillis() * 0.2 * random.nextDouble()));
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> {
              fail(row, InboxStore.State.FAILED, asked, row.doubt());
              store.uncount(row.subject());
              operations.reschedule(complete, clock.instant().plus(delay));
            });
  }

  private CompletionHandler<Void> again(
      InboxStore.Row row, RuntimeException failure, Duration delay, boolean doubt) {
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> {
              fail(row, InboxStore.State.FAILED, failure, doubt);
              operations.reschedule(complete, clock.instant().plus(delay));
            });
  }

  /** A change heard since it was begun may mend what was refused: then it is tried again. */
  private CompletionHandler<Void> block(InboxStore.Row row, RuntimeException failure) {
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> {
              var now = store.lock(row.subject());
              if (now.isPresent() && now.get().generation() != row.generation()) {
                fail(row, InboxStore.State.FAILED, failure, true);
                operations.reschedule(complete, clock.instant().plus(delay(row)));
              } else {
                fail(row, InboxStore.State.BLOCKED, failure, true);
                operations.stop();
              }
            });
  }

  private void fail(
      InboxStore.Row row, InboxStore.State state, RuntimeException failure, boolean doubt) {
    Map<RecordRef, Hint> hints = new HashMap<>(row.hints());
    store
        .lock(row.subject())
        .ifPresent(now -> now.hints().forEach((ref, hint) -> hints.merge(ref, hint, Hint::and)));
    store.failed(row.subject(), state, doubt, hints, Problem.of(failure));
  }

  private Duration delay(InboxStore.Row row) {
    return delay(row, backoff);
  }

  private Duration delay(InboxStore.Row row, Backoff by) {
    return by.delay(row.attempts() + 1, random.nextDouble());
  }
}
