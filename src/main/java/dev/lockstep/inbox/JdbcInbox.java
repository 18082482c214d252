package dev.lockstep.inbox;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.ops.spans.Spans;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The inbox in the database. Notes, hints and scheduling are written in one transaction: either
 * everything received is durable or the sender gets an error.
 */
@Component
class JdbcInbox implements Inbox, WorkScheduler {
  private final InboxStore store;
  private final DeadLetterStore deadLetters;
  private final WorkQueue queue;
  private final PairLookup pairs;
  private final TransactionTemplate transaction;
  private final MeterRegistry metrics;
  private final Spans spans;

  JdbcInbox(
      InboxStore store,
      DeadLetterStore deadLetters,
      WorkQueue queue,
      PairLookup pairs,
      TransactionTemplate transaction,
      MeterRegistry metrics,
      Spans spans) {
    this.store = store;
    this.deadLetters = deadLetters;
    this.queue = queue;
    this.pairs = pairs;
    this.transaction = transaction;
    this.metrics = metrics;
    this.spans = spans;
  }

  @Override
  public void receive(InboundEvent event) {
    Optional<PairLookup.KnownRecord> known = pairs.find(event.record());
    // Before the transaction: comparing may call the system to look up names.
    boolean stateIsKnown = isStateKnown(event, known);
    boolean stored =
        !(stateIsKnown && event.notes().isEmpty())
            && Boolean.TRUE.equals(
                transaction.execute(status -> store(event, known, stateIsKnown)));
    metrics
        .counter(
            "lockstep.events", "source", event.source(), "outcome", stored ? "stored" : "known")
        .increment();
  }

  private boolean store(
      InboundEvent event, Optional<PairLookup.KnownRecord> known, boolean stateIsKnown) {
    int newNotes =
        pairs.insertNewNotes(
            event.record(), event.notes(), event.source().equals(InboundEvent.POLL));
    if (newNotes == 0 && (stateIsKnown || bringsNotesOnly(event))) {
      return false;
    }
    Subject subject = subject(event.record(), known);
    if (event.ifKnown() && !isKnown(event.record(), subject)) {
      return false;
    }
    Reopen reopen =
        newNotes > 0 ? Reopen.ALWAYS : isLate(event, known) ? Reopen.NEVER : Reopen.IF_NEW;
    Hint hint = Hint.of(event);
    boolean statesOnly = newNotes == 0 && hint.isStateOnly();
    Spans.run(
        span(event),
        () ->
            enqueue(
                subject,
                new Received(Map.of(event.record(), hint), spans.current(), event.receivedAt()),
                statesOnly,
                reopen));
    return true;
  }

  /** A poll may find thousands of changes: each begins a trace of its own. */
  private SpanBuilder span(InboundEvent event) {
    boolean polled = event.source().equals(InboundEvent.POLL);
    return (polled ? spans.root("inbox.receive") : spans.child("inbox.receive"))
        .setSpanKind(SpanKind.PRODUCER)
        .setAttribute(Spans.RECORD, event.record().toString());
  }

  private static boolean bringsNotesOnly(InboundEvent event) {
    return event.state() == null && !event.requiresNotes() && !event.notes().isEmpty();
  }

  /** An older state changes nothing about a failure; mostly it is an echo that took its time. */
  private static boolean isLate(InboundEvent event, Optional<PairLookup.KnownRecord> known) {
    Version seen = known.map(PairLookup.KnownRecord::lastProcessed).orElse(null);
    return seen != null
        && event.state() != null
        && !event.requiresNotes()
        && event.state().version().comparedTo(seen) == Version.Order.OLDER;
  }

  /** A record that waits in the inbox counts as known. */
  private boolean isKnown(RecordRef record, Subject subject) {
    return pairs.isKnown(record) || store.lock(subject).isPresent();
  }

  /**
   * Whether its state is the one that was processed last: an echo of Lockstep's own write, or a
   * repeated delivery. An older state is not: it may reveal an edit that was overwritten before its
   * webhook arrived.
   */
  private boolean isStateKnown(InboundEvent event, Optional<PairLookup.KnownRecord> known) {
    NativeRecord state = event.state();
    return state != null
        && !event.requiresNotes()
        && known.filter(record -> pairs.hasSameState(record, state)).isPresent();
  }

  private static Subject subject(RecordRef record, Optional<PairLookup.KnownRecord> known) {
    return known
        .<Subject>map(pair -> new Subject.OfCorrelation(pair.correlation()))
        .orElseGet(() -> new Subject.OfRecord(record));
  }

  @Override
  public void schedule(Subject subject, Map<RecordRef, Hint> hints, Instant receivedAt) {
    transaction.executeWithoutResult(
        status -> enqueue(subject, received(hints, receivedAt), false, Reopen.IF_NEW));
  }

  @Override
  public void schedule(RecordRef record, Map<RecordRef, Hint> hints, Instant receivedAt) {
    schedule(subject(record, pairs.find(record)), hints, receivedAt);
  }

  @Override
  public void scheduleAt(RecordRef record, Instant at) {
    queue.scheduleAt(record, at);
  }

  @Override
  public void scheduleAfterDecision(RecordRef record, Instant at) {
    transaction.executeWithoutResult(
        status ->
            enqueue(
                subject(record, pairs.find(record)), received(Map.of(), at), false, Reopen.ALWAYS));
  }

  @Override
  public boolean isPending(Subject subject) {
    return store.find(subject).isPresent();
  }

  /** The lock on the row keeps workers from starting; a finished one finds no row and stops. */
  @Override
  public boolean absorb(Subject former, Subject into, Instant at) {
    InboxStore.Row row = store.lockOrInsert(former, at);
    if (row.state() == InboxStore.State.PROCESSING) {
      return false;
    }
    store.delete(former);
    enqueue(into, new Received(row.hints(), row.traces(), at), false, Reopen.ALWAYS);
    return true;
  }

  /** Whether a dead letter is reopened. */
  private enum Reopen {
    ALWAYS,
    /** If the hints add something to those of its last attempt. */
    IF_NEW,
    /** The hints wait with it for the next reason. */
    NEVER
  }

  /**
   * What is added to an entry.
   *
   * @param traces that it is part of
   */
  private record Received(Map<RecordRef, Hint> hints, List<String> traces, Instant at) {}

  private Received received(Map<RecordRef, Hint> hints, Instant at) {
    return new Received(hints, spans.current(), at);
  }

  private void enqueue(Subject subject, Received received, boolean statesOnly, Reopen reopen) {
    if (store.insert(subject, received.hints(), received.traces(), received.at())) {
      queue.enqueue(subject);
      return;
    }
    var row = store.lockOrInsert(subject, received.at());
    boolean isDeadLetter = row.state() == InboxStore.State.DEAD_LETTER;
    if (isDeadLetter && reopen == Reopen.IF_NEW && !Hint.anyAddsTo(received.hints(), row.hints())) {
      return;
    }
    boolean waits = isDeadLetter && reopen == Reopen.NEVER;
    Map<RecordRef, Hint> hints = new HashMap<>(row.hints());
    received.hints().forEach((ref, hint) -> hints.merge(ref, hint, Hint::merge));
    // The trace of what is there already goes on, with a link to this one.
    spans.link(row.traces());
    store.mergeHints(
        subject,
        isDeadLetter && !waits ? InboxStore.State.RECEIVED : row.state(),
        statesOnly,
        hints,
        received.traces());
    if (waits) {
      return;
    }
    boolean retries = row.state() == InboxStore.State.FAILED && row.outcomeUnknown();
    if (retries || row.isWaiting()) {
      // A system did not respond, and this event shows activity; or one is paused, and the event
      // may concern others.
      queue.runNow(subject);
    } else {
      queue.enqueue(subject);
    }
  }

  @Override
  public void addDeadLetter(UnparseableWebhook delivery) {
    var subject = new Subject.OfDelivery(delivery.system() + "/" + delivery.deliveryId());
    deadLetters.insert(
        subject,
        delivery,
        new FailureReport(
            delivery.problem(),
            "",
            "",
            "Correct the sender or upgrade Lockstep, then retry; or discard it if it is not"
                + " relevant."));
  }
}
