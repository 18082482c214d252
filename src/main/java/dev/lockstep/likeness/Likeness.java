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
}
