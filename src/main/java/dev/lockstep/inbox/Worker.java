package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import dev.lockstep.connector.Backoff;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
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
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Processes an entry, then settles it, schedules a retry or dead-letters it, as {@link Failure}
 * decides. At-least-once: a crash leaves the entry in place, and {@code outcome_unknown} tells the
 * next attempt.
 */
@Component
class Worker {
  /**
   * New work for a subject can be picked up as soon as the previous attempt is settled, slightly
   * before that attempt has left {@link #processing}.
   */
  private static final Duration RECHECK_DELAY = Duration.ofMillis(50);

  /** Random share of the delay before a retry. */
  private static final double JITTER = 0.5;

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final InboxStore store;
  private final EntryHandler handler;
  private final DeliveryReplay replay;
  private final PairLookup pairs;
  private final TransactionTemplate transaction;
  private final Backoff backoff;
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private final Clock clock;
  private final Timer lag;
  private final Set<Subject> processing = ConcurrentHashMap.newKeySet();

  Worker(
      InboxStore store,
      EntryHandler handler,
      DeliveryReplay replay,
      PairLookup pairs,
      TransactionTemplate transaction,
      InboxSettings settings,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.handler = handler;
    this.replay = replay;
    this.pairs = pairs;
    this.transaction = transaction;
    this.backoff =
        new Backoff(settings.retry().initialDelay(), settings.retry().maxDelay(), JITTER);
    this.clock = clock;
    this.lag =
        Timer.builder("lockstep.lag")
            .description("From receiving a change to having processed it")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(5))
            .maximumExpectedValue(Duration.ofMinutes(10))
            .register(metrics);
  }

  /**
   * Ensures one attempt per subject at a time within this process. The scheduler alone does not:
   * after late heartbeats (slow machine or database, or a long wait for a thread) it considers
   * running work dead and hands it out again.
   */
  CompletionHandler<Void> work(Subject subject) {
    if (!processing.add(subject)) {
      LOG.debug("{} is already being processed; retrying in {}", subject, RECHECK_DELAY);
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
        LOG.debug(
            "{} is retried in {} ms: {}", subject, asked.delay().toMillis(), asked.getMessage());
        yield retryLater(row, asked);
      }
      case TRANSIENT -> {
        LOG.warn("{} is retried: {}", subject, failure.getMessage());
        yield retry(row, failure);
      }
      case REJECTED -> {
        LOG.error("{} is a dead letter: {}", subject, failure.getMessage());
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

  /** The entry could not be read or written: nothing was processed. */
  private CompletionHandler<Void> beginFailed(Subject subject, Throwable failure) {
    if (Failure.classify(failure) == Failure.TRANSIENT) {
      LOG.warn("{} is retried: {}", subject, failure.getMessage());
      return (complete, operations) ->
          operations.reschedule(
              complete, clock.instant().plus(backoff.delay(1, random.nextDouble())));
    }
    LOG.error("The entry of {} could not be read or written", subject, failure);
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
   * Ends an execution that had nothing to do. A concurrent event relies on this execution to
   * process it, so the row is read again under its lock. If there is no row, one is inserted for
   * the duration of this transaction, as something to lock.
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

  /** Work that crashes the process, for example by exhausting memory, must not do so endlessly. */
  private static void requireFewCrashes(InboxStore.Row row) {
    if (row.state() == InboxStore.State.PROCESSING && row.crashes() + 1 >= Failure.MAX_ATTEMPTS) {
      throw new IllegalStateException(
          "The process ended " + (row.crashes() + 1) + " times in a row while processing this");
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
          "It still cannot be parsed: correct the sender, upgrade Lockstep, or discard it.");
    }
  }

  /**
   * Deletes the entry unless something was received since processing started that is not an echo of
   * it. The row lock prevents concurrent additions. db-scheduler's statement takes part in the
   * transaction: it commits on its own only if autocommit is on.
   */
  private void settle(
      InboxStore.Row row, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    transaction.executeWithoutResult(
        status -> {
          if (store.deleteUnchanged(row)) {
            operations.stop();
            return;
          }
          Optional<InboxStore.Row> now = store.lock(row.subject());
          if (now.isEmpty()) {
            stopUnlessReceived(row.subject(), complete, operations);
          } else if (hasOnlyEchoes(now.get())) {
            store.delete(row.subject());
            operations.stop();
          } else {
            store.reopen(row.subject());
            operations.reschedule(complete, clock.instant());
          }
        });
    lag.record(Duration.between(row.receivedAt(), clock.instant()));
  }

  /** Echoes of a write often arrive before its outcome is stored, so the inbox took them. */
  private boolean hasOnlyEchoes(InboxStore.Row row) {
    return row.statesOnly()
        && !row.hints().isEmpty()
        && row.hints().entrySet().stream().allMatch(hint -> isEcho(hint.getKey(), hint.getValue()));
  }

  private boolean isEcho(RecordRef record, Hint hint) {
    Version processed = pairs.find(record).map(PairLookup.KnownRecord::lastProcessed).orElse(null);
    return processed != null
        && hint.state() != null
        && hint.isStateOnly()
        && hint.state().version().comparedTo(processed) == Version.Order.SAME;
  }

  /** Not counted as an attempt. Jitter prevents all waiting entries from calling at once. */
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

  /**
   * Retries instead if a change was received meanwhile, since it may fix the cause; after a fault
   * only once more, since the change may be an echo of what each attempt writes.
   */
  private CompletionHandler<Void> deadLetter(InboxStore.Row row, Throwable failure) {
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> {
              boolean changed =
                  row.faults() < Failure.MAX_ATTEMPTS
                      && store
                          .lock(row.subject())
                          .map(now -> Hint.anyAddsTo(now.hints(), row.hints()))
                          .orElse(false);
              if (changed) {
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
    Backoff override =
        failure instanceof SystemUnavailableException unavailable ? unavailable.backoff() : null;
    return (override == null ? backoff : override).delay(row.attempts() + 1, random.nextDouble());
  }
}
