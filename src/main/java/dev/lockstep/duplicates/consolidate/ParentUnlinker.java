package dev.lockstep.duplicates.consolidate;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Visibility;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Unlinks a duplicate: restores its fields where nobody has changed them since, and makes it a
 * ticket of its own. A merge cannot be undone; its ITSM record starts a new pair if it is in scope.
 */
@Component
class ParentUnlinker {
  private final Connectors connectors;
  private final TicketRefresher refresher;
  private final ChildUpdater updater;
  private final DuplicateFindings findings;
  private final DuplicateStore duplicates;
  private final TicketStore tickets;
  private final PairStore pairs;
  private final TicketLookup ticketLookup;
  private final ChildNotifier notifier;
  private final WorkScheduler scheduler;
  private final Clock clock;

  ParentUnlinker(
      Connectors connectors,
      TicketRefresher refresher,
      ChildUpdater updater,
      DuplicateFindings findings,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      TicketLookup ticketLookup,
      ChildNotifier notifier,
      WorkScheduler scheduler,
      Clock clock) {
    this.connectors = connectors;
    this.refresher = refresher;
    this.updater = updater;
    this.findings = findings;
    this.duplicates = duplicates;
    this.tickets = tickets;
    this.pairs = pairs;
    this.ticketLookup = ticketLookup;
    this.notifier = notifier;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  void unlink(DuplicateContext context) {
    for (Side side : Side.values()) {
      RecordRef own = context.own().ref(side);
      if (own != null && connectors.separates(own.system(), own.kind())) {
        separate(context, side, own);
      }
    }
    boolean released = context.isEnded() && isMerged(context);
    finish(context, released);
  }

  private void separate(DuplicateContext context, Side side, RecordRef own) {
    Snapshot seen;
    try {
      seen = refresher.fetchAndSave(own).in(context.mapping().name());
    } catch (RecordNotFoundException e) {
      return;
    }
    if (context.mapping().isClosed(side, seen.values())) {
      String text = seen.key() + " is closed; its fields cannot be restored";
      duplicates.addHistory(context.duplicate(), "not-restored", text, DuplicateFindings.LOCKSTEP);
      return;
    }
    if (seen.primaryId() != null && context.isPrimaryRecord(side, seen.primaryId())) {
      String previousParent = context.duplicate().previousParent();
      NativeRecord after = connectors.separate(own, previousParent == null ? "" : previousParent);
      seen = context.saveWritten(refresher, after);
    }
    if (context.duplicate().unlinkReason() == UnlinkReason.SPLIT) {
      updater.restoreFields(context, side, seen);
    }
    String name = "unlinked:" + context.duplicate().id() + ":" + revisionOf(context);
    notifier.enqueue(context.duplicate(), name, Visibility.INTERNAL, noteText(context));
    notifier.sendPending(context.duplicate(), context.primary().ref(side), own);
  }

  /** An ended pair may have ended for a merge that was never made. */
  private boolean isMerged(DuplicateContext context) {
    for (Side side : Side.values()) {
      RecordRef own = context.own().ref(side);
      if (own != null
          && connectors.consolidates(own.system(), own.kind())
          && !connectors.separates(own.system(), own.kind())) {
        try {
          String into = connectors.fetch(own).primaryId();
          return into != null && !into.isEmpty();
        } catch (RecordNotFoundException e) {
          return true;
        }
      }
    }
    return true;
  }

  /** Identical for each attempt, different for each time the duplicate is unlinked. */
  private static String revisionOf(DuplicateContext context) {
    return Long.toString(context.duplicate().revision());
  }

  private static String noteText(DuplicateContext context) {
    UnlinkReason unlinking = Objects.requireNonNull(context.duplicate().unlinkReason());
    String key = context.primary().displayedSnapshot().key();
    return switch (unlinking) {
      case SPLIT, REMOVED ->
          "Unlinked from %s by %s. The two will not be proposed again."
              .formatted(key, context.duplicate().decidedBy());
      case REOPENED ->
          "Unlinked from %s, because this ticket was reopened while %1$s stays resolved."
              .formatted(key);
      case PRIMARY_ENDED ->
          "Unlinked from %s, because %1$s ended without being resolved.".formatted(key);
      case IMPOSSIBLE -> "Could not be linked to %s.".formatted(key);
    };
  }

  private void finish(DuplicateContext context, boolean released) {
    Duplicate unlinking = context.duplicate();
    State after = Objects.requireNonNull(unlinking.unlinkReason()).after();
    Pair pair = context.own().pair();
    findings.runExclusively(
        () -> {
          Duplicate left = duplicates.save(unlinking.withState(after));
          duplicates.addHistory(left, "unlinked", noteText(context), unlinking.decidedBy());
          RecordRef alone = restoreTicket(unlinking.duplicate(), pair, released);
          tickets.markDue(alone);
          scheduler.scheduleAfterDecision(alone, clock.instant());
        });
  }

  /** Determines the record that identifies the ticket from now on. */
  private RecordRef restoreTicket(RecordRef ticket, @Nullable Pair pair, boolean released) {
    if (pair == null || pair.state() != Pair.State.ENDED) {
      return ticket;
    }
    RecordRef left = pair.left();
    if (!released || left == null) {
      String text = "It was never merged; syncing again";
      pairs.save(
          pair.withState(Pair.State.LINKED), List.of(new AuditEntry("resumed", text, Map.of())));
      return ticket;
    }
    String text = "Its left record is not a duplicate and was released";
    pairs.release(pair, new AuditEntry("released", text, Map.of()));
    if (left.equals(ticket) || tickets.exists(left)) {
      return left;
    }
    tickets.rename(ticket, left, Side.LEFT);
    notifier.rename(ticket, left);
    return left;
  }
}
