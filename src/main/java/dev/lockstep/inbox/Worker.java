package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.ops.spans.Spans;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Processes an entry and leaves its end to {@link EntrySettler}. At-least-once: a crash leaves the
 * entry in place, and {@code outcome_unknown} tells the next attempt.
 */
@Component
class Worker {
  /**
   * New work for a subject can be picked up as soon as the previous attempt is settled, slightly
   * before that attempt has left {@link #processing}.
   */
  private static final Duration RECHECK_DELAY = Duration.ofMillis(50);

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final InboxStore store;
  private final EntryHandler handler;
  private final DeliveryReplay replay;
  private final EntrySettler settler;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final Spans spans;
  private final Set<Subject> processing = ConcurrentHashMap.newKeySet();

  Worker(
      InboxStore store,
      EntryHandler handler,
      DeliveryReplay replay,
      EntrySettler settler,
      TransactionTemplate transaction,
      Clock clock,
      Spans spans) {
    this.store = store;
    this.handler = handler;
    this.replay = replay;
    this.settler = settler;
    this.transaction = transaction;
    this.clock = clock;
    this.spans = spans;
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
    try (MDC.MDCCloseable id = logged(subject)) {
      CompletionHandler<Void> end = attempt(subject);
      return (complete, operations) -> {
        try (MDC.MDCCloseable again = logged(subject)) {
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

  /** Puts what is being processed into every line that is logged meanwhile. */
  private static MDC.MDCCloseable logged(Subject subject) {
    return subject instanceof Subject.OfCorrelation correlation
        ? MDC.putCloseable("correlation_id", correlation.id().toString())
        : MDC.putCloseable("subject", subject.toString());
  }

  private CompletionHandler<Void> attempt(Subject subject) {
    Optional<InboxStore.Row> begun;
    try {
      begun = begin(subject);
    } catch (Throwable e) {
      return settler.notBegun(subject, e);
    }
    if (begun.isEmpty()) {
      return settler.nothingToDo(subject);
    }
    return traced(begun.get());
  }

  /** The span goes on until the attempt is settled. */
  private CompletionHandler<Void> traced(InboxStore.Row row) {
    Span span =
        spans
            .continued("inbox.process", row.traces())
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute(Spans.SUBJECT, row.subject().toString())
            .setAttribute(Spans.ATTEMPT, row.attempts() + 1L)
            .startSpan();
    try (Scope processing = span.makeCurrent()) {
      CompletionHandler<Void> end = attempt(row);
      return (complete, operations) -> {
        try (Scope settling = span.makeCurrent()) {
          end.complete(complete, operations);
        } finally {
          span.end();
        }
      };
    }
  }

  private CompletionHandler<Void> attempt(InboxStore.Row row) {
    try {
      process(row);
      return settler.processed(row);
    } catch (Throwable e) {
      Spans.fail(Span.current(), e);
      return settler.failed(row, e);
    }
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
        new InboxEntry(
            row.subject(), row.outcomeUnknown(), row.hints(), row.receivedAt(), row.rejected()));
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
}
