package dev.lockstep.duplicates.ticket;

import dev.lockstep.duplicates.ticket.TicketIndexSync.Found;
import dev.lockstep.record.RecordRef;
import dev.lockstep.similarity.GroupSimilarity;
import dev.lockstep.similarity.Similarity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Similar tickets with one primary. Linked tickets count for their primary: a ticket similar to a
 * child is compared with the whole group.
 *
 * @param primary of the group; a ticket that is not linked is its own
 * @param members those that are similar, at least one; the primary need not be among them
 */
record CandidateGroup(RecordRef primary, List<Found> members) {
  CandidateGroup {
    members = List.copyOf(members);
  }

  /**
   * The found tickets that another one may be proposed as a duplicate of.
   *
   * @param propose the minimum score
   */
  static List<Found> filter(StoredTicket ticket, List<Found> found, double propose) {
    return found.stream()
        .filter(match -> match.similarity().score() >= propose)
        .filter(match -> match.ticket().mapping().equals(ticket.mapping()))
        .filter(match -> !match.ticket().deleted())
        .toList();
  }

  /**
   * Groups what was found by primary.
   *
   * @param primaries of those that are linked
   */
  static List<CandidateGroup> of(List<Found> found, Map<RecordRef, RecordRef> primaries) {
    Map<RecordRef, List<Found>> groups = new LinkedHashMap<>();
    for (Found match : found) {
      RecordRef record = match.ticket().record();
      groups
          .computeIfAbsent(primaries.getOrDefault(record, record), root -> new ArrayList<>())
          .add(match);
    }
    return groups.entrySet().stream()
        .map(group -> new CandidateGroup(group.getKey(), group.getValue()))
        .toList();
  }

  /**
   * Whether a ticket must not be proposed as a duplicate in this group: it is the group's primary,
   * or an operator decided that it is no duplicate of one of the group.
   *
   * @param own the records of the ticket
   * @param refused the tickets that an operator decided are not the same as the ticket
   */
  boolean excludes(Collection<RecordRef> own, Set<RecordRef> refused) {
    return own.contains(primary)
        || refused.contains(primary)
        || members.stream().anyMatch(member -> refused.contains(member.ticket().record()));
  }

  GroupSimilarity similarity() {
    return new GroupSimilarity(members.stream().map(Found::similarity).toList());
  }

  /** The similarity to the primary, if the primary is one of the similar tickets. */
  Optional<Similarity> toPrimary() {
    return members.stream()
        .filter(member -> member.ticket().record().equals(primary))
        .map(Found::similarity)
        .findFirst();
  }
}
