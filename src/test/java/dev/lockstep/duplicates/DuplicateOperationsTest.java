package dev.lockstep.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.duplicates.Duplicates.Outcome;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.Duplicates.Summary;
import dev.lockstep.record.RecordRef;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Decisions of operators; mode propose writes nothing without one. */
class DuplicateOperationsTest {
  private static final String DOWN = "Patient records are down for every ward since this morning";

  private static DuplicateEngine at;

  @BeforeAll
  static void start() {
    at = DuplicateEngine.proposing();
  }

  @AfterAll
  static void stop() {
    at.close();
  }

  @BeforeEach
  void reset() {
    at.reset();
  }

  private static String key(RecordRef ref) {
    return ref.id().toUpperCase(Locale.ROOT);
  }

  private Summary proposed() {
    assertThat(at.list(State.PROPOSED)).hasSize(1);
    return at.list(State.PROPOSED).get(0);
  }

  @Test
  void proposesAndWritesNothing() {
    RecordRef first = at.major(DOWN);
    at.settle();
    RecordRef second = at.major(DOWN);
    at.settle();
    Summary proposal = proposed();
    assertThat(proposal.duplicate().key()).isEqualTo(key(second));
    assertThat(proposal.primary().key()).isEqualTo(key(first));
    assertThat(proposal.score()).isGreaterThan(0.5);
    assertThat(at.systems.primaryOf(second)).isEmpty();
    // No page is held back for a proposal.
    assertThat(at.systems.all("platform")).hasSize(2);
    assertThat(at.duplicates().find(key(second)).orElseThrow().reasons()).isNotEmpty();
  }

  @Test
  void acceptingConsolidatesInBothSystems() {
    RecordRef first = at.major(DOWN);
    at.settle();
    RecordRef second = at.major(DOWN);
    at.settle();
    assertThat(at.duplicates().accept(key(second), null, "ann"))
        .isInstanceOfSatisfying(
            Outcome.Decided.class,
            decided -> assertThat(decided.text()).contains("being linked to " + key(first)));
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEqualTo(first.id());
    assertThat(at.systems.calls("consolidate platform")).isEqualTo(1);
    var detail = at.duplicates().find(key(second)).orElseThrow();
    assertThat(detail.summary().state()).isEqualTo(State.LINKED);
    assertThat(detail.summary().decidedBy()).isEqualTo("ann");
    assertThat(detail.history().stream().map(Duplicates.Event::what))
        .containsExactly("proposed", "accepted", "linked");
  }

  @Test
  void anOperatorPicksTheOtherOneAsThePrimary() {
    RecordRef first = at.call(DOWN);
    at.settle();
    RecordRef second = at.call(DOWN);
    at.settle();
    at.duplicates().accept(String.valueOf(proposed().id()), key(second), "ann");
    at.settle();
    assertThat(at.systems.primaryOf(first)).isEqualTo(second.id());
    assertThat(at.systems.primaryOf(second)).isEmpty();
  }

  @Test
  void aPrimaryThatIsNeitherOfTheTwoIsRefused() {
    at.call(DOWN);
    at.settle();
    at.call(DOWN);
    at.settle();
    assertThat(at.duplicates().accept(String.valueOf(proposed().id()), "INC999", "ann"))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("INC999 is neither"));
  }

  @Test
  void aRejectedPairIsNeverProposedAgain() {
    RecordRef first = at.call(DOWN);
    at.settle();
    RecordRef second = at.call(DOWN);
    at.settle();
    at.duplicates().reject(String.valueOf(proposed().id()), "ann");
    at.systems.person(second, Map.of("title", DOWN + " now"));
    at.settle();
    at.systems.person(first, Map.of("title", DOWN + " too"));
    at.settle();
    assertThat(at.list()).isEmpty();
    assertThat(at.duplicates().split(key(second), "ann")).isInstanceOf(Outcome.Refused.class);
    assertThat(at.duplicates().accept(key(second), null, "ann"))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void aRejectedPairStaysApartWhenOneIsLinkedToAGroupTheOtherIsSimilarTo() {
    RecordRef first = at.call(DOWN);
    at.settle();
    RecordRef second = at.call(DOWN);
    at.settle();
    at.duplicates().reject(String.valueOf(proposed().id()), "ann");
    RecordRef third = at.call(DOWN);
    at.settle();
    at.duplicates().accept(key(third), null, "ann");
    at.settle();
    String primary = at.systems.primaryOf(third);
    RecordRef apart = primary.equals(first.id()) ? second : first;
    at.systems.person(apart, Map.of("title", DOWN + " still"));
    at.settle();
    assertThat(at.list(State.PROPOSED)).isEmpty();
  }

  @Test
  void aProposalThatIsNoLongerSimilarIsWithdrawn() {
    at.call(DOWN);
    at.settle();
    RecordRef second = at.call(DOWN);
    at.settle();
    proposed();
    at.systems.person(second, Map.of("title", "Toner for the printer", "service", "Printing"));
    at.settle();
    assertThat(at.list(State.PROPOSED)).isEmpty();
  }

  @Test
  void aResolvedTicketIsNoLongerProposed() {
    at.call(DOWN);
    at.settle();
    RecordRef second = at.call(DOWN);
    at.settle();
    proposed();
    at.systems.person(second, Map.of("status", "6", "code", "done"));
    at.settle();
    assertThat(at.list(State.PROPOSED)).isEmpty();
  }

  @Test
  void acceptedUnderAResolvedPrimaryItIsResolvedWithItsIncident() {
    RecordRef first = at.major(DOWN);
    at.settle();
    at.systems.person(first, Map.of("status", "6", "code", "fixed"));
    at.settle();
    RecordRef late = at.major(DOWN);
    at.settle();
    assertThat(at.duplicates().accept(key(late), null, "ann"))
        .isInstanceOfSatisfying(
            Outcome.Decided.class,
            decided ->
                assertThat(decided.text()).contains("and resolved, since the primary is resolved"));
    at.settle();
    assertThat(at.systems.values(late)).containsEntry("status", "6").containsEntry("code", "fixed");
    assertThat(at.systems.all("platform").stream().map(ref -> at.systems.values(ref).get("status")))
        .containsOnly("resolved");
  }

  @Test
  void whenTheMergeIsRefusedThePairSyncsUntilItsTicketEnds() {
    RecordRef first = at.major(DOWN);
    at.settle();
    RecordRef second = at.major(DOWN);
    at.settle();
    at.systems.failBefore(
        call -> {
          if (call.equals("consolidate platform")) {
            throw new RequestRejectedException(
                400, "merge", "Only incidents that have alerts can be merged", "");
          }
        });
    at.duplicates().accept(key(second), null, "ann");
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEqualTo(first.id());
    assertThat(
            at.duplicates().find(key(second)).orElseThrow().history().stream()
                .map(Duplicates.Event::what))
        .contains("not-merged", "linked");
    at.systems.person(first, Map.of("status", "6", "code", "fixed"));
    at.settle();
    assertThat(at.systems.values(second)).containsEntry("status", "6");
    assertThat(at.systems.all("platform").stream().map(ref -> at.systems.values(ref).get("status")))
        .containsOnly("resolved");
  }

  @Test
  void reportsThatThereIsNothingToDecide() {
    assertThat(at.duplicates().accept("4711", null, "ann")).isInstanceOf(Outcome.NotFound.class);
    assertThat(at.duplicates().find("INC1")).isEmpty();
  }
}
