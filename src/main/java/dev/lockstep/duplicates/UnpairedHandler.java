package dev.lockstep.duplicates;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.duplicates.consolidate.ChildWakeUp;
import dev.lockstep.duplicates.consolidate.DuplicateReconciler;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A record that is in no pair: compared before it may begin one. */
class UnpairedHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UnpairedHandler.class);

  private final EntryHandler next;
  private final Connectors connectors;
  private final PairStore pairs;
  private final NoteStore notes;
  private final TicketStore tickets;
  private final TicketRefresher lookout;
  private final DuplicateScreening reception;
  private final DuplicateDetector triage;
  private final ChildWakeUp primaries;
  private final DuplicateReconciler pass;

  UnpairedHandler(
      EntryHandler next,
      Connectors connectors,
      PairStore pairs,
      NoteStore notes,
      TicketStore tickets,
      TicketRefresher lookout,
      DuplicateScreening reception,
      DuplicateDetector triage,
      ChildWakeUp primaries,
      DuplicateReconciler pass) {
    this.next = next;
    this.connectors = connectors;
    this.pairs = pairs;
    this.notes = notes;
    this.tickets = tickets;
    this.lookout = lookout;
    this.reception = reception;
    this.triage = triage;
    this.primaries = primaries;
    this.pass = pass;
  }

  void process(RecordRef ref, Mappings.MappedSide place, InboxEntry entry) {
    Mapping mapping = place.mapping();
    DuplicateRules rules = mapping.duplicates().orElseThrow();
    StoredTicket known = tickets.find(ref).orElse(null);
    try {
      Snapshot before = known == null ? null : known.seen();
      Snapshot seen = lookout.refresh(mapping, place.side(), ref, before, entry);
      if (known != null && !seen.equals(before)) {
        tickets.saveSnapshot(ref, place.side(), seen);
      }
      Optional<Duplicate> hangs = compare(ref, place, seen);
      if (hangs.isPresent()) {
        pass.reconcile(hangs.get(), mapping, entry.outcomeUnknown());
        return;
      }
    } catch (RecordNotFoundException e) {
      if (known != null && e.ref().equals(ref)) {
        triage.markDeleted(known);
      }
    }
    next.process(entry);
    if (known != null) {
      storeNotes(ref, rules.follows(place.side()), entry);
      primaries.scheduleChildren(List.of(ref), rules);
    }
  }

  private Optional<Duplicate> compare(RecordRef ref, Mappings.MappedSide place, Snapshot seen) {
    // Created for a pair, or to be adopted into one: it is compared as part of that.
    return namesCounterpart(place.mapping(), place.side(), seen)
        ? Optional.empty()
        : reception.compare(reception.observe(ref, place.mapping(), place.side(), seen));
  }

  private boolean namesCounterpart(Mapping mapping, Side side, Snapshot seen) {
    return Mention.parse(seen.correlationId())
        .map(Mention::ref)
        .filter(far -> far.system().equals(mapping.system(side.other())))
        .filter(far -> far.kind().equals(mapping.kind(side.other())))
        .map(far -> pairs.find(far).map(pair -> pair.state() != Pair.State.ENDED).orElse(true))
        .orElse(false);
  }

  /** What its public is told may have to be told to duplicates it has, or is yet to get. */
  private void storeNotes(RecordRef ref, boolean followed, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    boolean due = entry.outcomeUnknown() || hint != null && hint.notesIncomplete();
    if (followed && due && pairs.find(ref).isEmpty()) {
      try {
        notes.keep(ref, connectors.notes(ref), true);
      } catch (RecordNotFoundException e) {
        notes.forget(ref);
      } catch (RequestRejectedException e) {
        LOG.warn("The notes of {} cannot be read: {}", ref, e.getMessage());
      }
    }
  }
}
