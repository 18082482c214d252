package dev.lockstep.duplicates.consolidate;

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
import dev.lockstep.pair.AuditEntry;
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

/**
 * Takes a duplicate out again: its fields as they were where nobody changed them since, and a life
 * of its own. What a system merged for good stays merged; the ITSM record begins a new pair if it
 * is in scope.
 */
class ParentUnlinker {
  private final Connectors connectors;
  private final TicketRefresher lookout;
  private final ChildUpdater follower;
  private final DuplicateFindings verdicts;
  private final DuplicateStore duplicates;
  private final TicketStore tickets;
  private final PairStore pairs;
  private final TicketLookup standings;
  private final ChildNotifier voice;
  private final WorkScheduler wakes;
  private final Clock clock;

  ParentUnlinker(
      Connectors connectors,
      TicketRefresher lookout,
      ChildUpdater follower,
      DuplicateFindings verdicts,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      TicketLookup standings,
      ChildNotifier voice,
      WorkScheduler wakes,
      Clock clock) {
    this.connectors = connectors;
    this.lookout = lookout;
    this.follower = follower;
    this.verdicts = verdicts;
    this.duplicates = duplicates;
    this.tickets = tickets;
    this.pairs = pairs;
    this.standings = standings;
    this.voice = voice;
    this.wakes = wakes;
    this.clock = clock;
  }

  void unlink(DuplicateContext relation) {
    for (Side side : Side.values()) {
      RecordRef own = relation.own().ref(side);
      if (own != null && connectors.separates(own.system(), own.kind())) {
        separate(relation, side, own);
      }
    }
    boolean released = relation.isEnded() && isMerged(relation);
    finish(relation, released);
  }

  private void separate(DuplicateContext relation, Side side, RecordRef own) {
    Snapshot seen;
    try {
      seen = lookout.fetch(relation.mapping(), side, own, relation.seen(side));
    } catch (RecordNotFoundException e) {
      return;
    }
    if (relation.mapping().isClosed(side, seen.values())) {
      String text = seen.key() + " is closed: its fields could not be restored";
      duplicates.addHistory(relation.duplicate(), "not-restored", text, DuplicateFindings.LOCKSTEP);
      return;
    }
    if (seen.primaryId() != null && relation.isPrimaryRecord(side, seen.primaryId())) {
      String formerly = relation.duplicate().previousParent();
      NativeRecord after = connectors.separate(own, formerly == null ? "" : formerly);
      seen = relation.saveWritten(lookout, side, after);
    } else {
      tickets.saveSnapshot(relation.duplicate().duplicate(), side, seen);
    }
    if (relation.duplicate().unlinkReason() == UnlinkReason.SPLIT) {
      follower.restoreFields(relation, side, seen);
    }
    String name = "unlinked:" + relation.duplicate().id() + ":" + revisionOf(relation);
    voice.enqueue(relation.duplicate(), name, Visibility.INTERNAL, noteText(relation));
    voice.sendPending(relation.duplicate(), own);
  }

  /** Of a pair that has ended: it may have ended for a merge that never came to be. */
  private boolean isMerged(DuplicateContext relation) {
    for (Side side : Side.values()) {
      RecordRef own = relation.own().ref(side);
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

  /** The same for each attempt, another one for each time it leaves. */
  private static String revisionOf(DuplicateContext relation) {
    return Long.toString(relation.duplicate().revision());
  }

  private static String noteText(DuplicateContext relation) {
    UnlinkReason leaving = Objects.requireNonNull(relation.duplicate().unlinkReason());
    String key = relation.primary().displayedSnapshot().key();
    return switch (leaving) {
      case SPLIT, REMOVED ->
          "Taken out from under %s by %s; the two will not be proposed again."
              .formatted(key, relation.duplicate().decidedBy());
      case REOPENED ->
          "Taken out from under %s, since it was reopened while that one stays resolved."
              .formatted(key);
      case PRIMARY_ENDED ->
          "Taken out from under %s, since that one ended without being resolved.".formatted(key);
      case IMPOSSIBLE -> "It could not be hung under %s.".formatted(key);
    };
  }

  private void finish(DuplicateContext relation, boolean released) {
    Duplicate leaving = relation.duplicate();
    State after = Objects.requireNonNull(leaving.unlinkReason()).after();
    Pair pair = relation.own().pair();
    verdicts.runExclusively(
        () -> {
          Duplicate left = duplicates.save(leaving.withState(after));
          duplicates.addHistory(left, "unlinked", noteText(relation), leaving.decidedBy());
          RecordRef alone = restoreTicket(leaving.duplicate(), pair, released);
          tickets.markDue(alone);
          wakes.scheduleAfterDecision(standings.get(alone).subject(), clock.instant());
        });
  }

  /** Under which name the ticket goes on. */
  private RecordRef restoreTicket(RecordRef ticket, @Nullable Pair pair, boolean released) {
    if (pair == null || pair.state() != Pair.State.ENDED) {
      return ticket;
    }
    RecordRef left = pair.left();
    if (!released || left == null) {
      String text = "It was never merged, and is kept in step again";
      pairs.save(pair.in(Pair.State.LINKED), List.of(new AuditEntry("resumed", text, Map.of())));
      return ticket;
    }
    String text = "Its left record is no duplicate after all and goes its own way";
    pairs.save(pair.withoutLeft(), List.of(new AuditEntry("released", text, Map.of())));
    if (left.equals(ticket) || tickets.exists(left)) {
      return left;
    }
    tickets.rename(ticket, left, Side.LEFT);
    voice.rename(ticket, left);
    return left;
  }
}
