package dev.lockstep.similarity;

import java.util.Comparator;
import java.util.List;

/**
 * The similarity of two tickets.
 *
 * @param score from 0, nothing in common, to 1, certainly the same
 * @param reasons strongest first
 * @param differentSubjects whether both are made from one template and have different subjects
 * @param evidence points for one subject, without those for one service and one time: what the
 *     texts have in common, and that both report an outage
 */
public record Similarity(
    double score, List<Reason> reasons, boolean differentSubjects, double evidence) {
  public Similarity {
    reasons = List.copyOf(reasons);
  }

  static Similarity of(List<Reason> reasons, boolean otherSubjects, double evidence) {
    return new Similarity(
        Scorer.score(reasons.stream().mapToDouble(Reason::points).sum()),
        reasons.stream()
            .sorted(Comparator.comparingDouble(reason -> -Math.abs(reason.points())))
            .toList(),
        otherSubjects,
        evidence);
  }
}
