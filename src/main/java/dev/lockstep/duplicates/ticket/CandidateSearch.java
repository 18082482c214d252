package dev.lockstep.duplicates.ticket;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.ticket.TicketIndexSync.Found;
import dev.lockstep.record.RecordRef;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.Similarity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Finds the tickets that another one may be a duplicate of, and reads what is known about them. */
@Component
public class CandidateSearch {
  /** Large enough that a group of forty leaves room for other candidates. */
  private static final int MOST = 60;

  private final TicketIndexSync indexSync;
  private final DuplicateStore duplicates;
  private final TicketLookup ticketLookup;
  private final Connectors connectors;

  public CandidateSearch(
      TicketIndexSync indexSync,
      DuplicateStore duplicates,
      TicketLookup ticketLookup,
      Connectors connectors) {
    this.indexSync = indexSync;
    this.duplicates = duplicates;
    this.ticketLookup = ticketLookup;
    this.connectors = connectors;
  }

  /**
   * @param propose the minimum score
   */
  public List<Candidate> find(StoredTicket ticket, PreparedTicket prepared, double propose) {
    List<Found> found =
        CandidateGroup.filter(ticket, indexSync.findSimilar(prepared, MOST), propose);
    return found.isEmpty() ? List.of() : candidates(ticketLookup.toView(ticket), prepared, found);
  }

  private List<Candidate> candidates(TicketView own, PreparedTicket prepared, List<Found> found) {
    Set<RecordRef> refused = duplicates.findRefused(own.ticket().record());
    Map<RecordRef, RecordRef> primaries =
        duplicates.findPrimaries(found.stream().map(match -> match.ticket().record()).toList());
    List<CandidateGroup> groups = CandidateGroup.of(found, primaries);
    Map<RecordRef, RecordRef> proposed =
        duplicates.findProposedPrimaries(groups.stream().map(CandidateGroup::primary).toList());
    List<Candidate> candidates = new ArrayList<>();
    for (CandidateGroup group : groups) {
      if (!group.excludes(own.records(), refused)) {
        ticketLookup
            .find(group.primary())
            .filter(primary -> own.canBeLinkedTo(primary, this::isConsolidated))
            .map(
                primary ->
                    new Candidate(
                        own,
                        primary,
                        group.similarity(),
                        toPrimary(group, prepared),
                        proposed.containsKey(group.primary()),
                        wasUnlinkedBefore(own, primary)))
            .ifPresent(candidates::add);
      }
    }
    return candidates;
  }

  private boolean isConsolidated(RecordRef record) {
    return connectors.consolidates(record.system(), record.kind());
  }

  private Optional<Similarity> toPrimary(CandidateGroup group, PreparedTicket prepared) {
    return group
        .toPrimary()
        .or(() -> indexSync.compare(prepared, group.primary()).map(Found::similarity));
  }

  /** Matters for an open primary only: to another one nothing is linked automatically. */
  private boolean wasUnlinkedBefore(TicketView own, TicketView primary) {
    return primary.ticket().isOpen()
        && duplicates
            .findBetween(own.ticket().record(), primary.ticket().record())
            .map(between -> between.unlinkReason() != null)
            .orElse(false);
  }
}
