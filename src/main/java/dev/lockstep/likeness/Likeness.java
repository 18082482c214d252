package dev.lockstep.likeness;

import java.util.List;

/**
 * How alike two tickets are.
 *
 * @param score from 0, nothing in common, to 1, surely the same
 * @param reasons strongest first
 * @param otherSubjects whether both are made from one template and each is about something else
 */
public record Likeness(double score, List<Reason> reasons, boolean otherSubjects) {
  public Likeness {
    reasons = List.copyOf(reasons);
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
