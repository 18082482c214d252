package dev.lockstep.problem;

import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.IncidentRule;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.Ticket;
import dev.lockstep.similarity.TicketPreparer;
import dev.lockstep.sync.MappingCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Incidents as they are compared: by the fields that their mapping compares for duplicates, and
 * only those that it compares at all. Used by one thread at a time.
 */
@Component
class IncidentTickets {
  private static final int MOST_KEPT = 2_000;

  /**
   * The score of two tickets depends on the time between them, as duplicates report one event at
   * one time. Those that recur do not: all are compared as if the later one came two days later.
   */
  private static final Instant EARLIER = Instant.EPOCH;

  private static final Instant LATER = EARLIER.plus(Duration.ofDays(2));

  private final MappingCatalog mappings;
  private final TicketPreparer preparer;

  /** Computing an embedding takes milliseconds, and texts rarely change. */
  private final Map<Ticket, PreparedTicket> prepared =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Ticket, PreparedTicket> eldest) {
          return size() > MOST_KEPT;
        }
      };

  IncidentTickets(MappingCatalog mappings, TicketPreparer preparer) {
    this.mappings = mappings;
    this.preparer = preparer;
  }

  /** To be compared with earlier ones. */
  static PreparedTicket later(PreparedTicket prepared) {
    Ticket ticket = prepared.ticket();
    return new PreparedTicket(
        new Ticket(
            ticket.id(),
            ticket.title(),
            ticket.description(),
            ticket.service(),
            ticket.category(),
            LATER),
        prepared.subject(),
        prepared.embedding());
  }

  /** Empty if its mapping compares no such records, as confidential ones. */
  Optional<PreparedTicket> prepare(IncidentFacts facts, RecordState state) {
    Mapping mapping = mappings.findByName(facts.mapping()).orElse(null);
    if (mapping == null || mapping.incident().isEmpty() || mapping.duplicates().isEmpty()) {
      return Optional.empty();
    }
    Side side = mapping.incident().map(IncidentRule::side).orElseThrow();
    DuplicateRules rules = mapping.duplicates().orElseThrow();
    Map<String, String> values = state.in(mapping.name()).values();
    if (!rules.inScope(side, values)) {
      return Optional.empty();
    }
    DuplicateRules.Compared compared = rules.compared(side, values);
    Ticket ticket =
        new Ticket(
            facts.record().toString(),
            compared.title(),
            compared.description(),
            facts.service(),
            compared.category(),
            EARLIER);
    return Optional.of(prepared.computeIfAbsent(ticket, preparer::prepare));
  }
}
