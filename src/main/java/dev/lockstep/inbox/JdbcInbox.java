package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The inbox in the database. One transaction keeps the notes, the hint and the wake-up together:
 * either all of what was heard survives a crash, or the sender is told that nothing did.
 */
class JdbcInbox implements Inbox, WorkScheduler {
  private final InboxStore store;
  private final WorkQueue queue;
  private final PairLookup pairs;
  private final TransactionTemplate transaction;
  private final MeterRegistry metrics;

  JdbcInbox(
      InboxStore store,
      WorkQueue queue,
      PairLookup pairs,
      TransactionTemplate transaction,
      MeterRegistry metrics) {
    this.store = store;
    this.queue = queue;
    this.pairs = pairs;
    this.transaction = transaction;
    this.metrics = metrics;
  }

  @Override
  public void receive(InboundEvent event) {
    // Before the transaction: comparing may look names up, and no call is made while one is open.
    boolean listedAgain =
        event.source().equals(InboundEvent.POLL)
            && event.state() != null
            && pairs.hasSameState(event.record(), event.state());
    boolean kept = Boolean.TRUE.equals(transaction.execute(status -> store(event, listedAgain)));
    metrics
        .counter("lockstep.events", "source", event.source(), "outcome", kept ? "kept" : "known")
        .increment();
    if (kept) {
      queue.pollNow();
    }
  }

  private boolean store(InboundEvent event, boolean listedAgain) {
    var known = pairs.find(event.record());
    int newNotes =
        pairs.insertNewNotes(
            event.record(), event.notes(), event.source().equals(InboundEvent.POLL));
    Version seen = known.map(PairLookup.KnownPair::lastProcessed).orElse(null);
    if (newNotes == 0 && (listedAgain && !event.notesIncomplete() || isAlreadyKnown(event, seen))) {
      return false;
    }
    Subject subject =
        known
            .<Subject>map(pair -> new Subject.OfPair(pair.pair()))
            .orElseGet(() -> new Subject.OfRecord(event.record()));
    if (event.ifKnown() && !isKnown(event.record(), subject)) {
      return false;
    }
    enqueue(subject, Map.of(event.record(), Hint.of(event)), newNotes > 0, event.receivedAt());
    return true;
  }

  /** What waits in the inbox is about to be known. */
  private boolean isKnown(RecordRef record, Subject subject) {
    return pairs.isKnown(record) || store.lock(subject).isPresent();
  }

  /**
   * Echoes of our own writes and repeated deliveries end here, at the price of a read. A late one
   * goes on: it may tell of an edit that was overwritten before it was heard of.
   */
  private static boolean isAlreadyKnown(InboundEvent event, @Nullable Version seen) {
    if (event.notesIncomplete()) {
      return false;
    }
    if (event.state() == null) {
      return !event.notes().isEmpty();
    }
    if (seen == null) {
      return false;
    }
    return switch (event.state().version().comparedTo(seen)) {
      case SAME -> true;
      case OLDER, NEWER, OVERLAPPING -> false;
    };
  }

  @Override
  public void schedule(Subject subject, Map<RecordRef, Hint> hints, Instant heardAt) {
    transaction.executeWithoutResult(status -> enqueue(subject, hints, false, heardAt));
    queue.pollNow();
  }

  @Override
  public void scheduleAfterDecision(Subject subject, Instant at) {
    transaction.executeWithoutResult(status -> enqueue(subject, Map.of(), true, at));
    queue.pollNow();
  }

  /**
   * @param news whatever the hints say; else a dead letter stays one unless they say more than it
   *     was last tried with
   */
  private void enqueue(Subject subject, Map<RecordRef, Hint> heard, boolean news, Instant heardAt) {
    if (store.insert(subject, heard, heardAt)) {
      queue.enqueue(subject);
      return;
    }
    var locked = store.lock(subject);
    if (locked.isEmpty()) {
      // Settled between the conflict and the lock.
      enqueue(subject, heard, news, heardAt);
      return;
    }
    var row = locked.get();
    boolean blocked = row.state() == InboxStore.State.DEAD_LETTER;
    if (blocked && !news && !Hint.anyAddsTo(heard, row.hints())) {
      return;
    }
    Map<RecordRef, Hint> hints = new HashMap<>(row.hints());
    heard.forEach((ref, hint) -> hints.merge(ref, hint, Hint::merge));
    store.mergeHints(subject, blocked ? InboxStore.State.RECEIVED : row.state(), hints);
    if (row.state() == InboxStore.State.FAILED && row.outcomeUnknown()) {
      // It waits for a system that gave no answer; somebody is at work there now, so ask again.
      queue.runNow(subject);
    } else {
      queue.enqueue(subject);
    }
  }

  @Override
  public void addDeadLetter(UnparseableWebhook delivery) {
    var subject = new Subject.OfDelivery(delivery.system() + "/" + delivery.deliveryId());
    store.insertDeadLetter(
        subject,
        delivery,
        new FailureReport(
            delivery.problem(),
            "",
            "",
            "Correct what sends it or upgrade Lockstep, then retry; discard it if it does not"
                + " matter."));
  }
}
