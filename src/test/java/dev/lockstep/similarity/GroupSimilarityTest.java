package dev.lockstep.similarity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The conditions for linking a ticket to a group without an operator. */
final class GroupSimilarityTest {
  private static final double AUTOMATIC = Thresholds.defaults().automatic();
  private static final double PROPOSE = Thresholds.defaults().propose();

  private final TicketIndex index = new LuceneTicketIndex();
  private final TicketPreparer reader = new TicketPreparer(Tickets.MODEL);

  @AfterEach
  void close() {
    index.close();
  }

  @Test
  void twoFaultsOfOneServiceAtOneTimeAreNotEnough() {
    for (String[] two :
        new String[][] {
          {"Every call to a driver is cut off", "No driver hears what we say on the phone"},
          {"Screens at the gates are frozen", "Terminals at the gates show no lorries to anybody"}
        }) {
      List<Similarity> members = findSimilar(two[1], two[0]);
      assertThat(members).as(two[1]).anyMatch(like -> like.score() >= AUTOMATIC);
      assertThat(isSure(members)).as(two[1]).isFalse();
    }
  }

  @Test
  void oneMemberThatSaysTheSameIsEnough() {
    assertThat(isSure(findSimilar("No lorry can be booked by anybody", "Nobody can book a lorry")))
        .isTrue();
  }

  @Test
  void severalThatAgreeSomewhatAreEnoughTogether() {
    assertThat(isSure(Collections.nCopies(3, like(0.99, 1.2)))).isFalse();
    assertThat(isSure(Collections.nCopies(4, like(0.99, 1.2)))).isTrue();
  }

  @Test
  void membersThatDisagreeSubtractNothing() {
    assertThat(isSure(List.of(like(0.99, 2.5), like(0.6, -2), like(0.6, -3)))).isTrue();
  }

  @Test
  void evidenceAloneIsNotEnough() {
    assertThat(isSure(List.of(like(0.9, 9)))).isFalse();
  }

  @Test
  void notIfAMemberOfItsTemplateIsAboutSomethingElse() {
    assertThat(isSure(List.of(like(0.99, 9), new Similarity(0.99, List.of(), true, 9)))).isFalse();
  }

  @Test
  void similarToOneMemberItMustBeSimilarToThePrimaryToo() {
    GroupSimilarity group = new GroupSimilarity(List.of(like(0.99, 9)));
    assertThat(group.isSure(AUTOMATIC, PROPOSE, () -> Optional.of(like(0.4, 9)))).isFalse();
    assertThat(group.isSure(AUTOMATIC, PROPOSE, () -> Optional.of(like(0.6, 0)))).isTrue();
  }

  private static Similarity like(double score, double evidence) {
    return new Similarity(score, List.of(), false, evidence);
  }

  private static boolean isSure(List<Similarity> members) {
    return new GroupSimilarity(members)
        .isSure(AUTOMATIC, PROPOSE, () -> Optional.of(members.get(0)));
  }

  private List<Similarity> findSimilar(String text, String earlier) {
    index.put(reader.prepare(Tickets.about("Dock Booking", "one", earlier, "", 0)));
    return index
        .findSimilar(reader.prepare(Tickets.about("Dock Booking", "asks", text, "", 3)), 10)
        .stream()
        .map(Match::similarity)
        .toList();
  }
}
