package dev.lockstep.duplicates;

import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import java.util.Optional;

/** Looks up what is known of a ticket. */
class Standings {
  private final TicketStore tickets;
  private final PairStore pairs;

  Standings(TicketStore tickets, PairStore pairs) {
    this.tickets = tickets;
    this.pairs = pairs;
  }

  /**
   * @param ticket the record it was first heard of
   */
  Optional<Standing> find(RecordRef ticket) {
    return tickets.find(ticket).map(this::of);
  }

  Standing of(KnownTicket ticket) {
    return new Standing(ticket, pairs.find(ticket.record()).orElse(null));
  }

  /**
   * @throws IllegalStateException when there is no such ticket, which the tables forbid
   */
  Standing get(RecordRef ticket) {
    return find(ticket)
        .orElseThrow(() -> new IllegalStateException("No ticket is known as " + ticket));
  }
}
