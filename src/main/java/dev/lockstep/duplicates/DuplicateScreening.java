package dev.lockstep.duplicates;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.ObservedTicket;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.inbox.Failure;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a ticket compared. What goes wrong in that must not keep an incident from anybody: it is then
 * no duplicate, and its pair begins.
 */
class DuplicateScreening {
  private static final Logger LOG = LoggerFactory.getLogger(DuplicateScreening.class);

  private final PairStore pairs;
  private final DuplicateStore duplicates;
  private final TicketLookup standings;
  private final TicketRefresher lookout;
  private final DuplicateDetector triage;

  DuplicateScreening(
      PairStore pairs,
      DuplicateStore duplicates,
      TicketLookup standings,
      TicketRefresher lookout,
      DuplicateDetector triage) {
    this.pairs = pairs;
    this.duplicates = duplicates;
    this.standings = standings;
    this.lookout = lookout;
    this.triage = triage;
  }

  /**
   * @return what the ticket hangs under now, if anything
   */
  Optional<Duplicate> compare(ObservedTicket arrival) {
    try {
      storeNamedPrimary(arrival);
      return triage.detect(arrival);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      Failure failure = Failure.classify(e);
      if (failure == Failure.TRANSIENT || failure == Failure.RETRY_LATER) {
        throw e;
      }
      LOG.error("{} could not be compared with other tickets", arrival.record(), e);
      return duplicates.findActive(List.of(arrival.record()));
    }
  }

  /** Somebody made it a duplicate of a ticket that was never heard of: that one is filed first. */
  private void storeNamedPrimary(ObservedTicket arrival) {
    RecordRef named = arrival.namedPrimary();
    if (named == null || standings.findTicketRef(named).isPresent()) {
      return;
    }
    try {
      Snapshot seen = lookout.fetch(arrival.mapping(), arrival.side(), named, null);
      triage.store(observe(named, arrival.mapping(), arrival.side(), seen));
    } catch (RecordNotFoundException e) {
      LOG.warn("{} names {} as its primary, which does not exist", arrival.record(), named);
    }
  }

  /**
   * @param name the record its ticket is named by
   */
  ObservedTicket observe(RecordRef name, Mapping mapping, Side side, Snapshot seen) {
    DuplicateRules rules = mapping.duplicates().orElseThrow();
    boolean starts = mapping.startsSync(side, seen.values()) || pairs.find(name).isPresent();
    return new ObservedTicket(name, mapping, rules, side, seen, starts);
  }
}
