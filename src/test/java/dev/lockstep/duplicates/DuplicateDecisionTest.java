package dev.lockstep.duplicates;

import static dev.lockstep.testkit.ExampleTickets.MORNING;
import static dev.lockstep.testkit.ExampleTickets.closed;
import static dev.lockstep.testkit.ExampleTickets.open;
import static dev.lockstep.testkit.ExampleTickets.openedAt;
import static dev.lockstep.testkit.ExampleTickets.paired;
import static dev.lockstep.testkit.ExampleTickets.ref;
import static dev.lockstep.testkit.ExampleTickets.starting;
import static dev.lockstep.testkit.ExampleTickets.unpaired;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.duplicates.DuplicateDecision.Keep;
import dev.lockstep.duplicates.DuplicateDecision.LinkToNamed;
import dev.lockstep.duplicates.DuplicateDecision.Match;
import dev.lockstep.duplicates.DuplicateDecision.Unique;
import dev.lockstep.duplicates.settings.DuplicateSettings;
import dev.lockstep.duplicates.settings.DuplicateSettings.Mode;
import dev.lockstep.duplicates.settings.DuplicateSettings.Policy;
import dev.lockstep.duplicates.ticket.Candidate;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketView;
import dev.lockstep.pair.Pair;
import dev.lockstep.similarity.GroupSimilarity;
import dev.lockstep.similarity.Reason;
import dev.lockstep.similarity.Signal;
import dev.lockstep.similarity.Similarity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ticket is {@code new}, the candidate {@code old}; linked from 0.9 and proposed from 0.5. */
final class DuplicateDecisionTest {
  private static final Policy OFF = new Policy(Mode.OFF, 0.9, 0.5);
  private static final Policy PROPOSE = new Policy(Mode.PROPOSE, 0.9, 0.5);
  private static final Policy AUTOMATIC = new Policy(Mode.AUTOMATIC, 0.9, 0.5);
  private static final double EVIDENCE = 9;
  private static final Instant LATER = MORNING.plusSeconds(60);
  private static final TicketView NEW = unpaired(openedAt("new", LATER));

  @ParameterizedTest
  @CsvSource({
    // linked, open, mode, decision
    "true, true, AUTOMATIC, Keep",
    "true, false, AUTOMATIC, Keep",
    "true, true, OFF, Keep",
    "false, false, AUTOMATIC, Unique",
    "false, false, PROPOSE, Unique",
    "false, false, OFF, Unique",
    "false, true, OFF, Keep",
    "false, true, PROPOSE,",
    "false, true, AUTOMATIC,"
  })
  void comparesWhatIsOpenAndNotLinkedAndOfAServiceThatIsCompared(
      boolean linked, boolean isOpen, Mode mode, @Nullable String decision) {
    StoredTicket ticket = isOpen ? open("new") : closed("new");
    assertThat(
            DuplicateDecision.beforeComparison(ticket, linked, new Policy(mode, 0.9, 0.5))
                .map(decided -> decided.getClass().getSimpleName()))
        .isEqualTo(Optional.ofNullable(decision));
  }

  @Test
  void linksToTheGroupOfThePrimaryItsSystemNamesUnlessThatIsItsOwn() {
    assertThat(DuplicateDecision.ofNamedPrimary(ref("new"), ref("old")))
        .isEqualTo(new LinkToNamed(ref("old")));
    assertThat(DuplicateDecision.ofNamedPrimary(ref("new"), ref("new"))).isEqualTo(new Keep());
  }

  @Test
  void isUniqueIfNothingIsSimilarSoThatAnEditWithdrawsItsProposal() {
    assertThat(DuplicateDecision.of(List.of(), AUTOMATIC)).isEqualTo(new Unique());
    assertThat(DuplicateDecision.of(List.of(), PROPOSE)).isEqualTo(new Unique());
  }

  @ParameterizedTest
  @CsvSource({
    // best score, mode, linked
    "0.5, PROPOSE, false",
    "0.9, PROPOSE, false",
    "1, PROPOSE, false",
    "0.5, AUTOMATIC, false",
    "0.8999, AUTOMATIC, false",
    "0.9, AUTOMATIC, true",
    "1, AUTOMATIC, true"
  })
  void linksFromTheAutomaticThresholdInAutomaticModeOnly(double score, Mode mode, boolean linked) {
    Similarity similarity = similarity(score);
    Policy policy = new Policy(mode, 0.9, 0.5);
    assertThat(DuplicateDecision.of(List.of(candidate("old", similarity)), policy))
        .isEqualTo(new Match(ref("new"), ref("old"), similarity, linked));
  }

  @Test
  void theModeIsThatOfTheService() {
    DuplicateSettings settings =
        new DuplicateSettings(
            PROPOSE, false, Duration.ofHours(24), Map.of("vpn", AUTOMATIC, "printing", OFF));
    List<Candidate> candidates = List.of(candidate("old", similarity(0.95)));
    assertThat(automatic(candidates, settings.policyFor(" VPN "))).isTrue();
    assertThat(automatic(candidates, settings.policyFor("mail"))).isFalse();
    assertThat(automatic(candidates, settings.policyFor(""))).isFalse();
    assertThat(
            DuplicateDecision.beforeComparison(open("new"), false, settings.policyFor("Printing")))
        .contains(new Keep());
  }

  @Test
  void theThresholdIsThatOfTheService() {
    List<Candidate> candidates = List.of(candidate("old", similarity(0.95)));
    assertThat(automatic(candidates, new Policy(Mode.AUTOMATIC, 0.95, 0.5))).isTrue();
    assertThat(automatic(candidates, new Policy(Mode.AUTOMATIC, 0.96, 0.5))).isFalse();
  }

  @Test
  void aScoreWithoutEvidenceIsProposed() {
    Similarity outage = new Similarity(0.99, List.of(), false, 2.3);
    assertThat(automatic(List.of(candidate("old", outage)), AUTOMATIC)).isFalse();
  }

  @Test
  void anotherSubjectOfOneTemplateIsProposed() {
    Similarity template = new Similarity(0.99, List.of(), true, EVIDENCE);
    assertThat(automatic(List.of(candidate("old", template)), AUTOMATIC)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0.4999, false", "0.5, true", ", false"})
  void similarToOneChildItIsLinkedOnlyIfSimilarToThePrimaryToo(
      @Nullable Double toPrimary, boolean linked) {
    Candidate candidate =
        new Candidate(
            NEW,
            unpaired(open("old")),
            new GroupSimilarity(List.of(similarity(0.95))),
            Optional.ofNullable(toPrimary).map(score -> similarity(score)),
            false,
            false);
    assertThat(automatic(List.of(candidate), AUTOMATIC)).isEqualTo(linked);
  }

  @Test
  void similarToTwoChildrenItNeedNotBeSimilarToThePrimary() {
    Candidate candidate =
        new Candidate(
            NEW,
            unpaired(open("old")),
            new GroupSimilarity(List.of(similarity(0.95), similarity(0.9))),
            Optional.empty(),
            false,
            false);
    assertThat(DuplicateDecision.of(List.of(candidate), AUTOMATIC))
        .isEqualTo(new Match(ref("new"), ref("old"), similarity(0.95), true));
  }

  @Test
  void aClosedPrimaryIsOnlyProposedAndStaysThePrimary() {
    TicketView own = paired(openedAt("new", MORNING.minusSeconds(60)), Pair.State.LINKED);
    Candidate candidate = candidate(own, unpaired(closed("old")), similarity(0.99));
    assertThat(DuplicateDecision.of(List.of(candidate), AUTOMATIC))
        .isEqualTo(new Match(ref("new"), ref("old"), similarity(0.99), false));
  }

  @Test
  void whatWasUnlinkedBeforeIsOnlyProposed() {
    Candidate candidate =
        new Candidate(
            NEW,
            unpaired(open("old")),
            new GroupSimilarity(List.of(similarity(0.99))),
            Optional.of(similarity(0.99)),
            false,
            true);
    assertThat(automatic(List.of(candidate), AUTOMATIC)).isFalse();
    assertThat(DuplicateDecision.of(List.of(candidate), AUTOMATIC)).isInstanceOf(Match.class);
  }

  @Test
  void prefersTheMostSimilar() {
    assertThat(primaryOf(candidate("a", similarity(0.6)), candidate("b", similarity(0.7))))
        .isEqualTo("b");
  }

  @Test
  void prefersAPrimaryThatIsNotItselfProposedAsADuplicate() {
    assertThat(primaryOf(proposed("a", similarity(0.8)), candidate("b", similarity(0.7))))
        .isEqualTo("b");
  }

  @Test
  void prefersACertainMatchEvenIfItsPrimaryIsProposedAsADuplicate() {
    Similarity unsure = new Similarity(0.99, List.of(), false, 0);
    assertThat(primaryOf(candidate("a", unsure), proposed("b", similarity(0.9)))).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource({
    // the ticket: pair, starts, opened; the candidate: pair, starts, opened; the primary
    ",        false, 1, ,        false, 0, old",
    ",        false, 0, ,        false, 1, new",
    ",        false, 0, ,        false, 0, old",
    ",        true,  1, ,        false, 0, new",
    ",        false, 0, ,        true,  1, old",
    ",        true,  0, ,        true,  1, old",
    "LINKED,  true,  1, ,        true,  0, new",
    "LINKING, true,  1, ,        true,  0, new",
    ",        true,  0, LINKED,  true,  1, old",
    "LINKED,  true,  1, LINKED,  true,  0, old",
    "LINKED,  true,  0, LINKED,  true,  1, new",
    "BROKEN,  false, 1, ,        true,  0, old",
    "ENDED,   false, 1, ,        true,  0, old"
  })
  void thePrimaryIsTheOneWithAPairThenTheOneThatStartsOneThenTheOldest(
      Pair.@Nullable State ownPair,
      boolean ownStarts,
      int ownMinute,
      Pair.@Nullable State otherPair,
      boolean otherStarts,
      int otherMinute,
      String primary) {
    Candidate candidate =
        candidate(
            view("new", ownPair, ownStarts, ownMinute),
            view("old", otherPair, otherStarts, otherMinute),
            similarity(0.7));
    String duplicate = primary.equals("new") ? "old" : "new";
    assertThat(DuplicateDecision.of(List.of(candidate), PROPOSE))
        .isEqualTo(new Match(ref(duplicate), ref(primary), similarity(0.7), false));
  }

  private static TicketView view(String id, Pair.@Nullable State pair, boolean starts, int minute) {
    Instant at = MORNING.plusSeconds(60L * minute);
    StoredTicket ticket = starts ? starting(id, at) : openedAt(id, at);
    return pair == null ? unpaired(ticket) : paired(ticket, pair);
  }

  private static boolean automatic(List<Candidate> candidates, Policy policy) {
    return DuplicateDecision.of(candidates, policy) instanceof Match match && match.automatic();
  }

  private static String primaryOf(Candidate... candidates) {
    DuplicateDecision decision = DuplicateDecision.of(List.of(candidates), AUTOMATIC);
    assertThat(decision).isInstanceOf(Match.class);
    return ((Match) decision).primary().id();
  }

  private static Candidate candidate(String id, Similarity similarity) {
    return candidate(NEW, unpaired(open(id)), similarity);
  }

  private static Candidate candidate(TicketView own, TicketView primary, Similarity similarity) {
    return new Candidate(
        own,
        primary,
        new GroupSimilarity(List.of(similarity)),
        Optional.of(similarity),
        false,
        false);
  }

  private static Candidate proposed(String id, Similarity similarity) {
    return new Candidate(
        NEW,
        unpaired(open(id)),
        new GroupSimilarity(List.of(similarity)),
        Optional.of(similarity),
        true,
        false);
  }

  private static Similarity similarity(double score) {
    Reason reason = new Reason(Signal.WORDS, 3, "words in common");
    return new Similarity(score, List.of(reason), false, EVIDENCE);
  }
}
