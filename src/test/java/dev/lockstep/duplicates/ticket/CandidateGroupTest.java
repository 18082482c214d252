package dev.lockstep.duplicates.ticket;

import static dev.lockstep.testkit.ExampleTickets.MORNING;
import static dev.lockstep.testkit.ExampleTickets.open;
import static dev.lockstep.testkit.ExampleTickets.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.duplicates.ticket.TicketIndexSync.Found;
import dev.lockstep.record.RecordRef;
import dev.lockstep.similarity.Similarity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which of the similar tickets the ticket {@code new} may be a duplicate of. */
final class CandidateGroupTest {
  private static final List<RecordRef> OWN = List.of(ref("new"));

  @Test
  void proposesFromTheThreshold() {
    List<Found> found = List.of(found("a", 0.5), found("b", 0.4999), found("c", 0.51));
    assertThat(CandidateGroup.filter(open("new"), found, 0.5))
        .containsExactly(found("a", 0.5), found("c", 0.51));
  }

  @Test
  void proposesNoDeletedTicket() {
    Found deleted = new Found(open("a").markDeleted(MORNING), similarity(0.9));
    assertThat(CandidateGroup.filter(open("new"), List.of(deleted), 0.5)).isEmpty();
  }

  @Test
  void proposesNoTicketOfAnotherMapping() {
    StoredTicket ticket = open("a");
    StoredTicket other =
        new StoredTicket(
            ticket.record(),
            "incident.jira",
            ticket.side(),
            ticket.compared(),
            ticket.openedAt(),
            ticket.closedAt(),
            ticket.starts(),
            ticket.due(),
            ticket.deleted(),
            ticket.state(),
            ticket.embedding(),
            ticket.revision());
    Found found = new Found(other, similarity(0.9));
    assertThat(CandidateGroup.filter(open("new"), List.of(found), 0.5)).isEmpty();
  }

  @Test
  void aLinkedTicketCountsForItsPrimary() {
    Found primary = found("primary", 0.6);
    Found child = found("child", 0.8);
    Found alone = found("alone", 0.7);
    List<Found> found = List.of(child, alone, primary);
    assertThat(CandidateGroup.of(found, Map.of(ref("child"), ref("primary"))))
        .containsExactlyInAnyOrder(
            new CandidateGroup(ref("primary"), List.of(child, primary)),
            new CandidateGroup(ref("alone"), List.of(alone)));
  }

  @Test
  void theSimilarityToThePrimaryIsThatOfTheMemberThatIsThePrimary() {
    CandidateGroup group =
        new CandidateGroup(ref("primary"), List.of(found("child", 0.8), found("primary", 0.6)));
    assertThat(group.toPrimary()).contains(similarity(0.6));
    assertThat(group.similarity().best()).isEqualTo(similarity(0.8));
    assertThat(new CandidateGroup(ref("primary"), List.of(found("child", 0.8))).toPrimary())
        .isEmpty();
  }

  @Test
  void aPrimaryIsNotProposedAsADuplicateOfItsOwnChildren() {
    CandidateGroup own = new CandidateGroup(ref("new"), List.of(found("child", 0.9)));
    assertThat(own.excludes(OWN, Set.of())).isTrue();
    CandidateGroup other = new CandidateGroup(ref("old"), List.of(found("child", 0.9)));
    assertThat(other.excludes(OWN, Set.of())).isFalse();
  }

  @Test
  void aPairIsNotProposedAsADuplicateOfItsOtherRecord() {
    RecordRef incident = new RecordRef("platform", "incident", "P1");
    CandidateGroup own = new CandidateGroup(incident, List.of(found("child", 0.9)));
    assertThat(own.excludes(List.of(ref("new"), incident), Set.of())).isTrue();
  }

  @Test
  void whatAnOperatorSeparatedIsNotProposedAgain() {
    CandidateGroup group =
        new CandidateGroup(ref("primary"), List.of(found("child", 0.9), found("primary", 0.9)));
    assertThat(group.excludes(OWN, Set.of())).isFalse();
    assertThat(group.excludes(OWN, Set.of(ref("primary")))).isTrue();
    assertThat(group.excludes(OWN, Set.of(ref("child")))).isTrue();
    assertThat(group.excludes(OWN, Set.of(ref("another")))).isFalse();
  }

  @Test
  void separatedFromThePrimaryItIsNotProposedThroughAChild() {
    CandidateGroup group = new CandidateGroup(ref("primary"), List.of(found("child", 0.9)));
    assertThat(group.excludes(OWN, Set.of(ref("primary")))).isTrue();
  }

  private static Found found(String id, double score) {
    return new Found(open(id), similarity(score));
  }

  private static Similarity similarity(double score) {
    return new Similarity(score, List.of(), false, 9);
  }
}
