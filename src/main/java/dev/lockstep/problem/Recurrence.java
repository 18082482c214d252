package dev.lockstep.problem;

import dev.lockstep.record.RecordRef;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether an incident recurs: the decision alone, without reading or storing anything. */
sealed interface Recurrence {

  /** It does not, as far as is known now. */
  record None() implements Recurrence {}

  /** It is one more of a problem, or of a proposal. */
  record Join(long problem, double score) implements Recurrence {}

  /**
   * It has a problem in common with these.
   *
   * @param score of the most similar of them
   */
  record Propose(List<Earlier> incidents, double score) implements Recurrence {}

  /**
   * An earlier incident of the same service.
   *
   * @param score how similar the later one is to it
   * @param problem the problem or proposal that it is in; null: none
   * @param state of that problem
   * @param openActionItems whether one of its action items is neither done nor cancelled
   */
  record Earlier(
      RecordRef incident,
      double score,
      @Nullable Long problem,
      Problem.@Nullable State state,
      boolean openActionItems) {}

  /**
   * @param earlier of the same service, opened before it and not too long ago
   * @param least the minimum score
   */
  static Recurrence of(List<Earlier> earlier, double least, ProblemSettings settings) {
    List<Earlier> similar =
        earlier.stream()
            .filter(one -> one.score() >= least)
            .sorted(Comparator.comparingDouble(Earlier::score).reversed())
            .toList();
    for (Earlier one : similar) {
      if (one.problem() != null && one.state() != Problem.State.REJECTED) {
        return new Join(one.problem(), one.score());
      }
    }
    // What an operator rejected is not proposed again.
    List<Earlier> free = similar.stream().filter(one -> one.problem() == null).toList();
    boolean isOften = free.size() + 1 >= settings.incidents();
    boolean isUnsolved =
        !settings.openActionItems() || free.stream().anyMatch(Earlier::openActionItems);
    return isOften && isUnsolved ? new Propose(free, free.get(0).score()) : new None();
  }
}
