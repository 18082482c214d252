package dev.lockstep.duplicates.ticket;

import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Looks up tickets and their pairs. */
@Component
public class TicketLookup {
  private final TicketStore tickets;
  private final PairStore pairs;

  public TicketLookup(TicketStore tickets, PairStore pairs) {
    this.tickets = tickets;
    this.pairs = pairs;
  }

  /**
   * @param ticket the record that identifies the ticket
   */
  public Optional<TicketView> find(RecordRef ticket) {
    return tickets.find(ticket).map(this::toView);
  }

  public TicketView toView(StoredTicket ticket) {
    return new TicketView(ticket, pairs.find(ticket.record(), ticket.mapping()).orElse(null));
  }

  /** The record that identifies the ticket of a given record. */
  public Optional<RecordRef> findTicketRef(RecordRef record) {
    return pairs.findAll(record).stream()
        .flatMap(pair -> tickets.findFirst(records(pair)).stream())
        .findFirst()
        .or(() -> tickets.find(record))
        .map(StoredTicket::record);
  }

  /** A pair's records, the ITSM one first. */
  public static List<RecordRef> records(Pair pair) {
    return pair.records();
  }

  /**
   * @throws IllegalStateException if there is no such ticket, which the foreign keys rule out
   */
  public TicketView get(RecordRef ticket) {
    return find(ticket)
        .orElseThrow(() -> new IllegalStateException("No ticket is known as " + ticket));
  }
}
