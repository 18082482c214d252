package dev.lockstep.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.problem.Recurrence.Earlier;
import dev.lockstep.record.RecordRef;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When an incident recurs. */
final class RecurrenceTest {
  private static final ProblemSettings USUAL =
      new ProblemSettings("propose", Duration.ofDays(30), 2, true);
  private static final ProblemSettings THREE =
      new ProblemSettings("propose", Duration.ofDays(30), 3, false);

  private static Earlier free(String id, double score, boolean openItems) {
    return new Earlier(new RecordRef("itsm", "incident", id), score, null, null, openItems);
  }

  private static Earlier in(long problem, Problem.State state, double score) {
    return new Earlier(
        new RecordRef("itsm", "incident", "p" + problem), score, problem, state, true);
  }

  private static Recurrence decide(ProblemSettings settings, Earlier... earlier) {
    return Recurrence.of(List.of(earlier), 0.5, settings);
  }

  @Test
  void aSimilarOneWithOpenActionItemsIsARecurrence() {
    assertThat(decide(USUAL, free("1", 0.9, true)))
        .isEqualTo(new Recurrence.Propose(List.of(free("1", 0.9, true)), 0.9));
  }

  @Test
  void whatIsNotSimilarOrHasNoOpenActionItemIsNot() {
    assertThat(decide(USUAL)).isInstanceOf(Recurrence.None.class);
    assertThat(decide(USUAL, free("1", 0.49, true))).isInstanceOf(Recurrence.None.class);
    assertThat(decide(USUAL, free("1", 0.9, false))).isInstanceOf(Recurrence.None.class);
    assertThat(decide(USUAL, free("1", 0.9, false), free("2", 0.3, true)))
        .isInstanceOf(Recurrence.None.class);
  }

  @Test
  void thereAreAsManyAsTheSettingsSay() {
    assertThat(decide(THREE, free("1", 0.9, false))).isInstanceOf(Recurrence.None.class);
    assertThat(decide(THREE, free("1", 0.6, false), free("2", 0.9, false)))
        .isEqualTo(
            new Recurrence.Propose(List.of(free("2", 0.9, false), free("1", 0.6, false)), 0.9));
  }

  @Test
  void oneMoreJoinsTheProblemOrProposal() {
    assertThat(decide(USUAL, free("1", 0.95, true), in(7, Problem.State.ACCEPTED, 0.8)))
        .isEqualTo(new Recurrence.Join(7, 0.8));
    assertThat(
            decide(USUAL, in(7, Problem.State.PROPOSED, 0.6), in(8, Problem.State.ACCEPTED, 0.8)))
        .isEqualTo(new Recurrence.Join(8, 0.8));
  }

  @Test
  void whatWasRejectedIsNotProposedAgain() {
    assertThat(decide(USUAL, in(7, Problem.State.REJECTED, 0.9)))
        .isInstanceOf(Recurrence.None.class);
    assertThat(decide(USUAL, in(7, Problem.State.REJECTED, 0.9), free("2", 0.8, true)))
        .isEqualTo(new Recurrence.Propose(List.of(free("2", 0.8, true)), 0.8));
  }
}
