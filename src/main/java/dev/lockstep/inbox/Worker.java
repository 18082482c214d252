package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import dev.lockstep.connector.Backoff;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Begins an entry, has it reconciled, then settles, retries or blocks it, as {@link Failure} says.
 * At least once: a crash anywhere leaves the entry, and the next attempt knows by its {@code
 * outcome_unknown}.
 */
class Worker {
  /**
   * What was received during a pass is given out the moment that pass is settled, which may be a
   * moment before the pass has left the set of those being processed.
   */
  private static final Duration RECHECK_DELAY = Duration.ofMillis(50);

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final InboxStore store;
  private final EntryHandler handler;
  private final DeliveryReplay replay;
  private final TransactionTemplate transaction;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final Clock clock;
  private final Timer lag;
  private final Set<Subject> processing = ConcurrentHashMap.newKeySet();

  Worker(
      InboxStore store,
      EntryHandler reconciliation,
      DeliveryReplay replay,
      TransactionTemplate transaction,
      Backoff backoff,
      RandomGenerator random,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.handler = reconciliation;
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
    if (!processing.add(subject)) {
      LOG.debug("{} is being processed already; checking again in {}", subject, RECHECK_DELAY);
      return (complete, operations) ->
          operations.reschedule(complete, clock.instant().plus(RECHECK_DELAY));
    }
    try {
      CompletionHandler<Void> end = attempt(subject);
      return (complete, operations) -> {
        try {
          end.complete(complete, operations);
        } finally {
          processing.remove(subject);
        }
      };
    } catch (RuntimeException | Error e) {
      processing.remove(subject);
      throw e;
    }
  }

  private CompletionHandler<Void> attempt(Subject subject) {
    Optional<InboxStore.Row> begun;
    try {
      begun = begin(subject);
    } catch (Throwable e) {
      return beginFailed(subject, e);
    }
    if (begun.isEmpty()) {
      return (complete, operations) -> stopUnlessReceived(subject, complete, operations);
    }
    var row = begun.get();
    try {
      process(row);
      return (complete, operations) -> settle(row, complete, operations);
    } catch (Throwable e) {
      return handleFailure(row, e);
    }
  }

  private CompletionHandler<Void> handleFailure(InboxStore.Row row, Throwable failure) {
    Subject subject = row.subject();
    return switch (Failure.classify(failure)) {
      case RETRY_LATER -> {
        RetryLaterException asked = (RetryLaterException) failure;
        LOG.debug("{} waits {} ms: {}", subject, asked.delay().toMillis(), asked.getMessage());
        yield retryLater(row, asked);
      }
      case TRANSIENT -> {
        LOG.warn("{} is retried: {}", subject, failure.getMessage());
        yield retry(row, failure);
      }
      case REJECTED -> {
        LOG.error("{} needs an operator: {}", subject, failure.getMessage());
        yield deadLetter(row, failure);
      }
      case FAULT -> {
        LOG.error("{} failed", subject, failure);
        yield row.faults() + 1 < Failure.MAX_ATTEMPTS
            ? retry(row, failure)
            : deadLetter(row, failure);
      }
    };
  }

  /** The entry itself could not be read or written: nothing was done about it. */
  private CompletionHandler<Void> beginFailed(Subject subject, Throwable failure) {
    if (Failure.classify(failure) == Failure.TRANSIENT) {
      LOG.warn("{} is retried: {}", subject, failure.getMessage());
      return (complete, operations) ->
          operations.reschedule(
              complete, clock.instant().plus(backoff.delay(1, random.nextDouble())));
    }
    LOG.error("{} can't be begun", subject, failure);
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> {
              store.upsertDeadLetter(subject, FailureReport.of(subject, failure));
              operations.stop();
            });
  }

  private Optional<InboxStore.Row> begin(Subject subject) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              var row = store.markProcessing(subject);
              row.ifPresent(Worker::requireFewCrashes);
              return row;
            }));
  }

  /**
   * Ends work for which there was nothing to do. Whoever adds to the row meanwhile counts on the
   * execution that is about to end, so the row is read again under its lock; where there is none,
   * one is inserted for as long as this takes, so that there is something to lock.
   */
  private void stopUnlessReceived(
      Subject subject, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    transaction.executeWithoutResult(
        status -> {
          boolean absent = store.insert(subject, Map.of(), clock.instant());
          if (absent) {
            store.delete(subject);
          }
          if (absent || isDeadLetter(subject)) {
            operations.stop();
          } else {
            operations.reschedule(complete, clock.instant());
          }
        });
  }

  private boolean isDeadLetter(Subject subject) {
    return store
        .lock(subject)
        .filter(row -> row.state() == InboxStore.State.DEAD_LETTER)
        .isPresent();
  }

  /** Work for which the memory does not suffice must not end one process after the other. */
  private static void requireFewCrashes(InboxStore.Row row) {
    if (row.state() == InboxStore.State.PROCESSING && row.crashes() + 1 >= Failure.MAX_ATTEMPTS) {
      throw new IllegalStateException(
          "The process ended " + (row.crashes() + 1) + " times in a row while it worked on this");
    }
  }

  private void process(InboxStore.Row row) {
    if (row.payload() != null) {
      replay(row.payload());
      return;
    }
    handler.process(
        new InboxEntry(row.subject(), row.outcomeUnknown(), row.hints(), row.receivedAt()));
  }

  private void replay(UnparseableWebhook delivery) {
    try {
      replay.replay(delivery);
    } catch (IllegalArgumentException e) {
      throw new RequestRejectedException(
          0,
          "delivery " + delivery.deliveryId() + " of " + delivery.system(),
          String.valueOf(e.getMessage()),
          "It still can't be understood: correct what sends it, upgrade Lockstep, or discard it.");
    }
  }

  /**
   * Removes the entry, unless something was received since it was begun. The row's lock keeps
   * anyone from adding to it meanwhile, and the scheduler's own statement takes part in the
   * transaction: it commits by itself only where autocommit is on.
   */
  private void settle(
      InboxStore.Row row, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    transaction.executeWithoutResult(
        status -> {
          if (store.deleteUnchanged(row)) {
            operations.stop();
          } else if (store.lock(row.subject()).isPresent()) {
            store.reopen(row.subject());
            operations.reschedule(complete, clock.instant());
          } else {
            stopUnlessReceived(row.subject(), complete, operations);
          }
        });
    lag.record(Duration.between(row.receivedAt(), clock.instant()));
  }

  /** Nothing was done, so this was no attempt. Spread, so that not all that waited call at once. */
  private CompletionHandler<Void> retryLater(InboxStore.Row row, RetryLaterException asked) {
    Duration delay =
        asked.delay().plusMillis((long) (asked.delay().toMillis() * 0.2 * random.nextDouble()));
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> {
              recordFailure(row, InboxStore.State.FAILED, asked, row.outcomeUnknown());
              store.undoAttempt(row.subject());
              operations.reschedule(complete, clock.instant().plus(delay));
            });
  }

  private CompletionHandler<Void> retry(InboxStore.Row row, Throwable failure) {
    Duration delay = delay(row, failure);
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> {
              recordFailure(row, InboxStore.State.FAILED, failure, true);
              operations.reschedule(complete, clock.instant().plus(delay));
            });
  }

  /** A change received since it was begun may cure what was refused: then it is retried. */
  private CompletionHandler<Void> deadLetter(InboxStore.Row row, Throwable failure) {
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> {
              boolean news =
                  store
                      .lock(row.subject())
                      .map(now -> Hint.anyAddsTo(now.hints(), row.hints()))
                      .orElse(false);
              if (news) {
                recordFailure(row, InboxStore.State.FAILED, failure, true);
                operations.reschedule(complete, clock.instant().plus(delay(row, failure)));
              } else {
                recordFailure(row, InboxStore.State.DEAD_LETTER, failure, true);
                operations.stop();
              }
            });
  }

  private void recordFailure(
      InboxStore.Row row, InboxStore.State state, Throwable failure, boolean outcomeUnknown) {
    Map<RecordRef, Hint> hints = new HashMap<>(row.hints());
    store
        .lock(row.subject())
        .ifPresent(now -> now.hints().forEach((ref, hint) -> hints.merge(ref, hint, Hint::merge)));
    store.markFailed(
        row.subject(), state, outcomeUnknown, hints, FailureReport.of(row.subject(), failure));
    if (Failure.classify(failure) == Failure.FAULT) {
      store.countFault(row.subject());
    }
  }

  private Duration delay(InboxStore.Row row, Throwable failure) {
    Backoff wish =
        failure instanceof SystemUnavailableException unavailable ? unavailable.backoff() : null;
    return (wish == null ? backoff : wish).delay(row.attempts() + 1, random.nextDouble());
  }
}
