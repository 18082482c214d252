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
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Runs duplicate detection. If detection fails, the ticket is treated as unique, so that an error
 * never suppresses a page.
 */
@Component
class DuplicateScreening {
  private static final Logger LOG = LoggerFactory.getLogger(DuplicateScreening.class);

  private final PairStore pairs;
  private final DuplicateStore duplicates;
  private final TicketLookup ticketLookup;
  private final TicketRefresher refresher;
  private final DuplicateDetector detector;
  private final Counter failed;

  DuplicateScreening(
      PairStore pairs,
      DuplicateStore duplicates,
      TicketLookup ticketLookup,
      TicketRefresher refresher,
      DuplicateDetector detector,
      MeterRegistry metrics) {
    this.pairs = pairs;
    this.duplicates = duplicates;
    this.ticketLookup = ticketLookup;
    this.refresher = refresher;
    this.detector = detector;
    this.failed =
        Counter.builder("lockstep.duplicates.failed")
            .description("Tickets that could not be compared and are treated as unique")
            .register(metrics);
  }

  /**
   * @return its link to a primary, if it is a duplicate now
   */
  Optional<Duplicate> compare(ObservedTicket observed) {
    try {
      storeNamedPrimary(observed);
      return detector.detect(observed);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      Failure failure = Failure.classify(e);
      if (failure == Failure.TRANSIENT || failure == Failure.RETRY_LATER) {
        throw e;
      }
      failed.increment();
      LOG.error(
          "{} could not be compared with other tickets; it is treated as unique",
          observed.record(),
          e);
      return duplicates.findActive(List.of(observed.record()));
    }
  }

  /** Stores the primary that the ticket names in its system, if it is not known yet. */
  private void storeNamedPrimary(ObservedTicket observed) {
    RecordRef named = observed.namedPrimary();
    if (named == null || ticketLookup.findTicketRef(named).isPresent()) {
      return;
    }
    try {
      detector.store(observe(named, observed.mapping(), observed.side(), refresher.fetch(named)));
    } catch (RecordNotFoundException e) {
      LOG.warn("{} names {} as its primary, which does not exist", observed.record(), named);
    }
  }

  /**
   * @param name the record that identifies its ticket
   */
  ObservedTicket observe(RecordRef name, Mapping mapping, Side side, RecordState state) {
    DuplicateRules rules = mapping.duplicates().orElseThrow();
    boolean starts =
        mapping.startsSync(side, state.in(mapping.name()).values())
            || pairs.find(name, mapping.name()).isPresent();
    return new ObservedTicket(name, mapping, rules, side, state, starts);
  }
}
