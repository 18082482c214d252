package dev.lockstep.similarity;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The similarity of a ticket to a group of linked tickets.
 *
 * @param members the group's similar members, at least one; each at or above the propose threshold
 */
public record GroupSimilarity(List<Similarity> members) {
  /**
   * The minimum evidence of one subject. Two simultaneous faults of one service reached up to 2.3
   * in the measurements; see {@code docs/duplicates.md}.
   */
  private static final double ENOUGH_EVIDENCE = 2.4;

  public GroupSimilarity {
    members = List.copyOf(members);
  }

  public Similarity best() {
    return members.stream().max(Comparator.comparingDouble(Similarity::score)).orElseThrow();
  }

  /**
   * Whether the ticket may be linked without an operator: at or above {@code automatic} for one
   * member and similar to the primary, or for two members; with enough evidence of one subject; and
   * with no member that is made from the same template about a different subject.
   *
   * @param propose the propose threshold
   * @param primary the similarity to the group's primary, evaluated only if needed
   */
  public boolean isSure(double automatic, double propose, Supplier<Optional<Similarity>> primary) {
    if (members.stream().anyMatch(Similarity::differentSubjects) || evidence() < ENOUGH_EVIDENCE) {
      return false;
    }
    long similar = members.stream().filter(member -> member.score() >= automatic).count();
    return similar > 1
        || similar == 1 && primary.get().filter(member -> member.score() >= propose).isPresent();
  }

  /**
   * The evidence of one subject. Service, time and faults are excluded, since they apply equally to
   * two simultaneous outages. Points are log odds and are summed as odds: several members that
   * agree partly count as one that agrees well, and a member that disagrees subtracts nothing.
   */
  private double evidence() {
    return Math.log(members.stream().mapToDouble(like -> Math.exp(like.evidence())).sum());
  }
}
