package dev.lockstep.similarity;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How alike a ticket and a group of consolidated tickets are.
 *
 * @param members what the ticket is like, at least one; each from the score on at which a person is
 *     asked
 */
public record GroupSimilarity(List<Similarity> members) {
  /**
   * So much evidence of one subject has to be there. Two faults of one service at one time reach up
   * to 2.3 in what was measured; {@code docs/duplicates.md} has the figures.
   */
  private static final double ENOUGH_EVIDENCE = 2.4;

  public GroupSimilarity {
    members = List.copyOf(members);
  }

  public Similarity best() {
    return members.stream().max(Comparator.comparingDouble(Similarity::score)).orElseThrow();
  }

  /**
   * Sure enough to need no operator: like one member from {@code automatic} on and like the primary
   * too, or like two members; with enough evidence of one subject; and with no member made from one
   * template with it that is about something else.
   *
   * @param propose the score from which on a person is asked
   * @param primary how alike the group's primary is, asked for only where it matters
   */
  public boolean isSure(double automatic, double propose, Supplier<Optional<Similarity>> primary) {
    if (members.stream().anyMatch(Similarity::differentSubjects) || evidence() < ENOUGH_EVIDENCE) {
      return false;
    }
    long alike = members.stream().filter(like -> like.score() >= automatic).count();
    return alike > 1
        || alike == 1 && primary.get().filter(like -> like.score() >= propose).isPresent();
  }

  /**
   * Service, time and faults speak as much for two outages at once as for one, so they are no
   * evidence. The members' points are logarithms of odds: they add up as odds, so that many that
   * agree somewhat are as much as one that agrees well, and one that does not agree takes nothing
   * away.
   */
  private double evidence() {
    return Math.log(members.stream().mapToDouble(like -> Math.exp(like.evidence())).sum());
  }
}
