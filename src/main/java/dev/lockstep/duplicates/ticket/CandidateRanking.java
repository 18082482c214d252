package dev.lockstep.duplicates.ticket;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.settings.DuplicateSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.similarity.GroupSimilarity;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.Similarity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Finds the ticket that another one is most likely a duplicate of. Linked tickets count for their
 * primary: a ticket similar to a child is compared with the whole group, and is linked
 * automatically only if it is similar to the primary too, so that a group does not drift from
 * outage to outage.
 */
@Component
public class CandidateRanking {
  /** Large enough that a group of forty leaves room for other candidates. */
  private static final int MOST = 60;

  private final TicketIndexSync indexSync;
  private final DuplicateStore duplicates;
  private final TicketLookup ticketLookup;
  private final Connectors connectors;

  /**
   * @param root the primary of its group
   * @param best the similarity to the group's most similar member
   * @param automatic whether it is certain enough to be linked without an operator
   */
  public record Candidate(TicketView root, Similarity best, boolean automatic) {}

  public CandidateRanking(
      TicketIndexSync indexSync,
      DuplicateStore duplicates,
      TicketLookup ticketLookup,
      Connectors connectors) {
    this.indexSync = indexSync;
    this.duplicates = duplicates;
    this.ticketLookup = ticketLookup;
    this.connectors = connectors;
  }

  public Optional<Candidate> findBest(
      StoredTicket ticket, PreparedTicket prepared, DuplicateSettings.Policy policy) {
    List<Candidate> candidates = findCandidates(ticket, prepared, policy);
    Map<RecordRef, RecordRef> proposed =
        duplicates.findProposedPrimaries(
            candidates.stream().map(candidate -> candidate.root().ticket().record()).toList());
    // Prefers a ticket that is not itself proposed as a duplicate. A certain match is linked all
    // the same: if that proposal is accepted, this ticket is relinked with it.
    return candidates.stream()
        .min(
            Comparator.comparing((Candidate candidate) -> !candidate.automatic())
                .thenComparing(
                    candidate -> proposed.containsKey(candidate.root().ticket().record()))
                .thenComparing(candidate -> -candidate.best().score()));
  }

  private List<Candidate> findCandidates(
      StoredTicket ticket, PreparedTicket prepared, DuplicateSettings.Policy policy) {
    List<TicketIndexSync.Found> found =
        indexSync.findSimilar(prepared, MOST).stream()
            .filter(match -> match.similarity().score() >= policy.propose())
            .filter(match -> match.ticket().mapping().equals(ticket.mapping()))
            .filter(match -> !match.ticket().deleted())
            .toList();
    if (found.isEmpty()) {
      return List.of();
    }
    TicketView own = ticketLookup.toView(ticket);
    Set<RecordRef> refused = duplicates.findRefused(ticket.record());
    List<Candidate> candidates = new ArrayList<>();
    groups(found)
        .forEach(
            (root, members) -> {
              boolean excluded =
                  own.records().contains(root)
                      || refused.contains(root)
                      || members.stream().anyMatch(m -> refused.contains(m.ticket().record()));
              if (!excluded) {
                GroupSimilarity similarity =
                    new GroupSimilarity(
                        members.stream().map(TicketIndexSync.Found::similarity).toList());
                candidate(own, prepared, root, similarity, policy).ifPresent(candidates::add);
              }
            });
    return candidates;
  }

  /** Matches, grouped by primary. */
  private Map<RecordRef, List<TicketIndexSync.Found>> groups(List<TicketIndexSync.Found> found) {
    Map<RecordRef, RecordRef> primaries =
        duplicates.findPrimaries(found.stream().map(match -> match.ticket().record()).toList());
    Map<RecordRef, List<TicketIndexSync.Found>> groups = new HashMap<>();
    for (TicketIndexSync.Found match : found) {
      RecordRef record = match.ticket().record();
      groups
          .computeIfAbsent(primaries.getOrDefault(record, record), root -> new ArrayList<>())
          .add(match);
    }
    return groups;
  }

  private Optional<Candidate> candidate(
      TicketView own,
      PreparedTicket prepared,
      RecordRef root,
      GroupSimilarity similarity,
      DuplicateSettings.Policy policy) {
    return ticketLookup
        .find(root)
        .filter(view -> !view.ticket().deleted())
        .filter(view -> canConsolidate(own, view))
        .map(
            view ->
                new Candidate(
                    view,
                    similarity.best(),
                    view.ticket().isOpen()
                        && !wasUnlinkedBefore(own, root)
                        && similarity.isSure(
                            policy.automatic(),
                            policy.propose(),
                            () ->
                                indexSync
                                    .compare(prepared, root)
                                    .map(TicketIndexSync.Found::similarity))));
  }

  private boolean wasUnlinkedBefore(TicketView own, RecordRef root) {
    return duplicates
        .findBetween(own.ticket().record(), root)
        .map(between -> between.unlinkReason() != null)
        .orElse(false);
  }

  /** Whether some system can link one of the two to the other. */
  private boolean canConsolidate(TicketView one, TicketView other) {
    for (Side side : Side.values()) {
      RecordRef ref = one.ref(side) == null ? other.ref(side) : one.ref(side);
      boolean both =
          (one.ref(side) != null || one.mayGainRecord(side))
              && (other.ref(side) != null || other.mayGainRecord(side));
      if (both && ref != null && connectors.consolidates(ref.system(), ref.kind())) {
        return true;
      }
    }
    return false;
  }
}
