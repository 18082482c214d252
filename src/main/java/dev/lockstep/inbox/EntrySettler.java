package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import dev.lockstep.connector.Backoff;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.PausedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.pause.Pauses;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends an attempt: the entry is deleted, reopened, retried or dead-lettered. The row and
 * db-scheduler's execution change in one transaction; db-scheduler's statement takes part in it,
 * since it commits on its own only if autocommit is on.
 */
@Component
class EntrySettler {
  /** Random share of the delay before a retry. */
  private static final double JITTER = 0.5;

  private static final Logger LOG = LoggerFactory.getLogger(EntrySettler.class);

  private final InboxStore store;
  private final DeadLetterStore deadLetters;
  private final WorkQueue queue;
  private final PairLookup pairs;
  private final HeldEntryStore held;
  private final Pauses pauses;
  private final TransactionTemplate transaction;
  private final RetryPolicy retries;
  private final Clock clock;
  private final Timer lag;

  EntrySettler(
      InboxStore store,
      DeadLetterStore deadLetters,
      WorkQueue queue,
      PairLookup pairs,
      HeldEntryStore held,
      Pauses pauses,
      TransactionTemplate transaction,
      InboxSettings settings,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.deadLetters = deadLetters;
    this.queue = queue;
    this.pairs = pairs;
    this.held = held;
    this.pauses = pauses;
    this.transaction = transaction;
    this.retries =
        new RetryPolicy(
            new Backoff(settings.retry().initialDelay(), settings.retry().maxDelay(), JITTER),
            RandomGenerator.of("L64X128MixRandom"));
    this.clock = clock;
    this.lag =
        Timer.builder("lockstep.lag")
            .description("From receiving a change, or resuming it, to having processed it")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(5))
            .maximumExpectedValue(Duration.ofMinutes(10))
            .register(metrics);
  }

  /**
   * Deletes the entry unless something was received since processing started that is not an echo of
   * it. The row lock prevents concurrent additions.
   */
  CompletionHandler<Void> processed(InboxStore.Row row) {
    return (complete, operations) -> {
      if (!isSettled(row, operations)) {
        // Before the transaction: comparing may call a system to look up names.
        InboxStore.Row known = store.find(row.subject()).filter(this::hasOnlyEchoes).orElse(row);
        transaction.executeWithoutResult(status -> settle(known, complete, operations));
      }
      lag.record(Duration.between(row.expectedSince(), clock.instant()));
    };
  }

  private boolean isSettled(InboxStore.Row row, ExecutionOperations<Void> operations) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              boolean deleted = store.deleteUnchanged(row);
              if (deleted) {
                operations.stop();
              }
              return deleted;
            }));
  }

  private void settle(
      InboxStore.Row row, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    if (store.deleteUnchanged(row)) {
      operations.stop();
      return;
    }
    Optional<InboxStore.Row> received = store.lock(row.subject());
    if (received.isPresent()) {
      // New ones are appended: the others were continued by this attempt.
      List<String> traces = received.get().traces();
      store.reopen(row.subject(), traces.stream().skip(row.traces().size()).toList());
      operations.reschedule(complete, clock.instant());
      queue.pollNow();
    } else {
      stopUnlessReceived(row.subject(), complete, operations);
    }
  }

  /** Echoes of a write often arrive before its outcome is stored, so the inbox took them. */
  private boolean hasOnlyEchoes(InboxStore.Row row) {
    return row.statesOnly()
        && !row.hints().isEmpty()
        && row.hints().entrySet().stream().allMatch(hint -> isEcho(hint.getKey(), hint.getValue()));
  }

  private boolean isEcho(RecordRef record, Hint hint) {
    NativeRecord state = hint.state();
    return state != null
        && hint.isStateOnly()
        && pairs.find(record).filter(known -> pairs.hasSameState(known, state)).isPresent();
  }

  /** The entry was gone, or a dead letter, when the attempt was to begin. */
  CompletionHandler<Void> nothingToDo(Subject subject) {
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> stopUnlessReceived(subject, complete, operations));
  }

  /**
   * A concurrent event relies on this execution to process it, so the row is read again under its
   * lock. If there is no row, one is inserted for the duration of this transaction, as something to
   * lock.
   */
  private void stopUnlessReceived(
      Subject subject, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    boolean absent = store.insert(subject, Map.of(), List.of(), clock.instant());
    if (absent) {
      store.delete(subject);
    }
    if (absent || isDeadLetter(subject)) {
      operations.stop();
    } else {
      operations.reschedule(complete, clock.instant());
    }
  }

  private boolean isDeadLetter(Subject subject) {
    return store
        .lock(subject)
        .filter(row -> row.state() == InboxStore.State.DEAD_LETTER)
        .isPresent();
  }

  /** The entry could not be read or written: nothing was processed. */
  CompletionHandler<Void> notBegun(Subject subject, Throwable failure) {
    Optional<RetryPolicy.Retry> retry = retries.afterNotBegun(failure);
    if (retry.isPresent()) {
      LOG.warn("{} is retried: {}", subject, failure.getMessage());
      return (complete, operations) ->
          operations.reschedule(complete, clock.instant().plus(retry.get().delay()));
    }
    LOG.error("The entry of {} could not be read or written", subject, failure);
    return (complete, operations) ->
        transaction.executeWithoutResult(
            status -> {
              deadLetters.upsert(subject, FailureReport.of(subject, failure));
              operations.stop();
            });
  }

  CompletionHandler<Void> failed(InboxStore.Row row, Throwable failure) {
    log(row.subject(), failure);
    return (complete, operations) -> {
      // Before the transaction: reading what was received may call a system to look up names.
      boolean paused = !PausedException.scopes(failure).isEmpty();
      int priority = paused ? pairs.priorityOf(row.subject(), row.hints()) : 0;
      transaction.executeWithoutResult(
          status ->
              record(row, failure, priority)
                  .ifPresentOrElse(
                      retry -> operations.reschedule(complete, clock.instant().plus(retry.delay())),
                      operations::stop));
    };
  }

  private static void log(Subject subject, Throwable failure) {
    switch (Failure.classify(failure)) {
      case RETRY_LATER ->
          LOG.debug(
              "{} is retried in {} ms: {}",
              subject,
              ((RetryLaterException) failure).delay().toMillis(),
              failure.getMessage());
      case TRANSIENT -> LOG.warn("{} is retried: {}", subject, failure.getMessage());
      case REJECTED -> LOG.error("{} is a dead letter: {}", subject, failure.getMessage());
      case FAULT -> LOG.error("{} failed", subject, failure);
    }
  }

  /** Keeps the failure, and what was to be processed, with the entry. */
  private Optional<RetryPolicy.Retry> record(InboxStore.Row row, Throwable failure, int priority) {
    Subject subject = row.subject();
    Optional<InboxStore.Row> now = store.lock(subject);
    Map<RecordRef, Hint> received = now.map(InboxStore.Row::hints).orElse(Map.of());
    Optional<RetryPolicy.Retry> retry = retries.after(failure, row, received);
    boolean counted = retry.map(RetryPolicy.Retry::counted).orElse(true);
    Map<RecordRef, Hint> hints = new HashMap<>(row.hints());
    received.forEach((ref, hint) -> hints.merge(ref, hint, Hint::merge));
    store.markFailed(
        subject,
        retry.isPresent() ? InboxStore.State.FAILED : InboxStore.State.DEAD_LETTER,
        counted || row.outcomeUnknown(),
        hints,
        FailureReport.of(subject, failure));
    if (!counted) {
      store.undoAttempt(subject);
    }
    if (Failure.classify(failure) == Failure.FAULT) {
      store.countFault(subject);
    }
    recordRejected(
        row, now.orElse(row), retry.isPresent() ? Rejection.Report.in(failure) : Map.of());
    Set<String> scopes = PausedException.scopes(failure);
    boolean waits = failure instanceof PausedException || retry.isEmpty();
    if (scopes.isEmpty() || !waits) {
      return retry;
    }
    // What was received meanwhile may concern records that are not paused; and if a pause has ended
    // meanwhile, nobody would release the entry.
    boolean isCurrent = now.map(InboxStore.Row::generation).equals(Optional.of(row.generation()));
    if (retry.isPresent() && !(isCurrent && pauses.areAllPaused(scopes))) {
      return Optional.of(new RetryPolicy.Retry(Duration.ZERO, false));
    }
    held.markWaiting(subject, scopes, priority);
    return retry;
  }

  /**
   * Keeps the steps that wait for an operator while the rest is retried. What an operator decided
   * during the attempt counts: after a retry the generation differs, and each step is tried again.
   */
  private void recordRejected(
      InboxStore.Row before, InboxStore.Row now, Map<String, Rejection> found) {
    Map<String, Rejection> steps = new HashMap<>();
    boolean isRetried = !before.rejected().isEmpty() && now.rejected().isEmpty();
    if (!isRetried) {
      found.forEach(
          (step, rejection) -> {
            Rejection stored = now.rejected().get(step);
            steps.put(step, stored == null ? rejection : rejection.keepDecision(stored));
            if (stored == null) {
              LOG.error(
                  "{}: a step is a dead letter while the rest is retried: {}",
                  before.subject(),
                  rejection.toException().getMessage());
            }
          });
    }
    if (!steps.equals(now.rejected())) {
      deadLetters.setRejected(before.subject(), steps);
    }
  }
}
