package dev.lockstep.duplicates.consolidate;

import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.duplicates.ticket.TicketView;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * Schedules the children of a primary when something they follow has changed. The notified state is
 * saved last: a crash before that schedules them again, which is harmless.
 */
@Component
public class ChildWakeUp {
  private final TicketStore tickets;
  private final DuplicateStore duplicates;
  private final TicketLookup ticketLookup;
  private final NoteStore notes;
  private final WorkScheduler scheduler;
  private final Clock clock;

  public ChildWakeUp(
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketLookup ticketLookup,
      NoteStore notes,
      WorkScheduler scheduler,
      Clock clock) {
    this.tickets = tickets;
    this.duplicates = duplicates;
    this.ticketLookup = ticketLookup;
    this.notes = notes;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  public boolean isPrimary(List<RecordRef> records) {
    return !duplicates.findChildren(records).isEmpty();
  }

  public void scheduleChildren(List<RecordRef> records, DuplicateRules rules) {
    List<Duplicate> under = duplicates.findChildren(records);
    if (under.isEmpty()) {
      return;
    }
    TicketView primary = ticketLookup.get(under.get(0).primary());
    String shown = stateForChildren(primary, rules);
    if (shown.equals(tickets.findNotifiedState(primary.ticket().record()))) {
      return;
    }
    for (Duplicate duplicate : under) {
      scheduler.scheduleAfterDecision(duplicate.duplicate(), clock.instant());
    }
    tickets.saveNotifiedState(primary.ticket().record(), shown);
  }

  /** Everything of a primary that its children follow, as text to compare. */
  private String stateForChildren(TicketView primary, DuplicateRules rules) {
    List<String> shown = new ArrayList<>();
    shown.add("gone: " + primary.ticket().deleted());
    for (Side side : Side.values()) {
      RecordRef ref = primary.ref(side);
      Snapshot seen = primary.seen(side);
      shown.add(
          ref == null ? "no record, to come: " + primary.mayGainRecord(side) : ref.toString());
      if (ref != null && seen != null) {
        shown.add("over: " + rules.isResolvedOrClosed(side, seen.values()));
        shown.add("resolved: " + rules.isResolved(side, seen.values()));
        shown.add("takeover: " + new TreeMap<>(rules.valuesFromPrimary(side, seen.values(), true)));
        shown.add("audience: " + rules.audience(side, seen.values()));
        shown.add("compared: " + rules.inScope(side, seen.values()));
        if (rules.follows(side)) {
          shown.add("comments: " + notes.publicSince(ref, Instant.EPOCH).size());
        }
      }
    }
    return String.join("\n", shown);
  }
}
