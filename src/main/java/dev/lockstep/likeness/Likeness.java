package dev.lockstep.likeness;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How alike two tickets are.
 *
 * @param score from 0, nothing in common, to 1, surely the same
 * @param reasons strongest first
 * @param otherSubjects whether both are made from one template and each is about something else
 * @param outage what the other says for an outage that the alert which asks is of: nothing unless a
 *     monitor reports an outage, and a person a fault of the same service within the hour; 2 if the
 *     person reports an outage too, within a quarter of that; else 1
 */
public record Likeness(double score, List<Reason> reasons, boolean otherSubjects, int outage) {
  public Likeness {
    reasons = List.copyOf(reasons);
  }

  static Likeness of(List<Reason> reasons, boolean otherSubjects, int outage) {
    return new Likeness(
        Scorer.score(reasons.stream().mapToDouble(Reason::points).sum()),
        reasons.stream()
            .sorted(Comparator.comparingDouble(reason -> -Math.abs(reason.points())))
            .toList(),
        otherSubjects,
        outage);
  }

  Likeness with(Reason reason) {
    return of(Stream.concat(reasons.stream(), Stream.of(reason)).toList(), otherSubjects, outage);
  }

  /**
   * Whether it is sure enough to need no operator. More than service and time has to speak for it:
   * a request for access during an outage is about the same service at the same time.
   */
  public boolean isSure(double automatic) {
    return score >= automatic && !otherSubjects && textPoints(reasons) > 0;
  }

  static double textPoints(List<Reason> reasons) {
    return reasons.stream()
        .filter(reason -> reason.signal() == Signal.MEANING || reason.signal() == Signal.WORDS)
        .mapToDouble(Reason::points)
        .sum();
  }
}
