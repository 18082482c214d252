package dev.lockstep.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.demo.DuplicateFacts.Page;
import dev.lockstep.sandbox.demo.DuplicateFacts.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judge must see what is wrong: each test spoils one thing of an outage that became one. */
class DuplicateCheckTest {
  private static final String COMMENT = "We work on it.";
  private static final String INTERNAL = "Do not tell the wards yet.";

  private final ScenarioFacts facts = new ScenarioFacts();
  private final List<Ticket> tickets = new ArrayList<>();
  private final List<Page> pages = new ArrayList<>();

  DuplicateCheckTest() {
    facts.alerts.addAll(List.of("P1", "P2"));
    facts.clinics.addAll(List.of("c1", "c2"));
    facts.unrelated.addAll(List.of("u1", "u2"));
    facts.urgent.add("u2");
    facts.late.add("l1");
    facts.comments.add(COMMENT);
    facts.internal.add(INTERNAL);
    facts.closeCode = "Solution provided";
    facts.closeNotes = "Restarted.";
    facts.apiCalls = 60;
    pages.add(new Page("P1", "#1", "", ""));
    pages.add(new Page("P2", "#2", "", "P1"));
    pages.add(new Page("P3", "#3", "servicenow/incident/u2", ""));
    tickets.add(ticket("t1", "pagerduty/incident/P1", "", "6", 1, 5, List.of(internal(INTERNAL))));
    tickets.add(child("c1", "t1", 1, List.of(told(COMMENT), internal("Consolidated."))));
    tickets.add(child("c2", "t1", 1, List.of(told(COMMENT), internal("Consolidated."))));
    tickets.add(ticket("u1", "", "", "1", 0, 0, List.of()));
    tickets.add(ticket("u2", "pagerduty/incident/P3", "", "1", 0, 1, List.of(internal("Linked."))));
    tickets.add(ticket("l1", "", "", "1", 0, 0, List.of()));
  }

  @Test
  void findsNothingWhereTheOutageBecameOne() {
    DuplicateCheck.Result result = judge();

    assertThat(result.problems()).isEmpty();
    assertThat(result.figures())
        .isEqualTo(new Summary.Duplicates(2, 2, 2, 1, 2, 0, 0, 0, 2, 1, 2, 0, 0, 2, 1, 60, 10.0));
  }

  @Test
  void seesAnUnrelatedTicketUnderThePrimary() {
    put(child("u1", "t1", 1, List.of(told(COMMENT))));

    assertThat(judge().figures().falseMerges()).isEqualTo(1);
    assertThat(judge().problems()).contains("u1 is linked to t1, which is about something else");
  }

  @Test
  void seesAClinicUnderSomethingElse() {
    put(child("c1", "u1", 1, List.of(told(COMMENT))));

    assertThat(judge().figures().falseMerges()).isEqualTo(1);
    assertThat(judge().figures().missed()).isEqualTo(1);
    assertThat(judge().problems()).contains("2 tickets have others under them; one should");
  }

  @Test
  void seesAnIncidentOfSomethingElseThatWasMerged() {
    pages.set(2, new Page("P3", "#3", "servicenow/incident/u2", "P1"));

    assertThat(judge().figures().falseMerges()).isEqualTo(1);
    assertThat(judge().problems())
        .containsExactly("#3 was merged into #1, which is about something else");
  }

  @Test
  void missesATicketThatHangsNowhere() {
    put(ticket("c1", "", "", "1", 0, 0, List.of()));

    assertThat(judge().figures().missed()).isEqualTo(1);
    assertThat(judge().figures().consolidated()).isEqualTo(1);
    assertThat(judge().problems()).containsExactly("c1 is not linked to the primary");
  }

  @Test
  void seesAnAlertThatStaysBesideThePrimary() {
    pages.set(1, new Page("P2", "#2", "", ""));

    assertThat(judge().figures().pagesLeft()).isEqualTo(2);
    assertThat(judge().figures().missed()).isEqualTo(1);
    assertThat(judge().problems()).containsExactly("#2 pages people apart from the primary's");
  }

  @Test
  void seesAClinicThatPagedPeopleBeforeItWasMerged() {
    pages.add(new Page("P4", "#4", "servicenow/incident/c1", "P1"));

    assertThat(judge().figures().pagesOpened()).isEqualTo(3);
    assertThat(judge().problems())
        .containsExactly("3 incidents were opened for the outage, its alerts are 2");
  }

  @Test
  void seesAMergeIntoAnotherThanThePrimarys() {
    pages.set(1, new Page("P2", "#2", "", "P4"));
    pages.add(new Page("P4", "#4", "servicenow/incident/c1", ""));

    assertThat(judge().problems()).contains("#2 was merged into another than the primary's");
  }

  @Test
  void followsAMergeOfWhatWasMerged() {
    facts.alerts.add("P4");
    pages.set(1, new Page("P2", "#2", "", "P4"));
    pages.add(new Page("P4", "#4", "", "P1"));

    assertThat(judge().problems()).isEmpty();
  }

  @Test
  void seesACommentThatDidNotComeOrCameTwice() {
    put(child("c1", "t1", 1, List.of()));
    put(child("c2", "t1", 1, List.of(told(COMMENT), told(COMMENT))));

    DuplicateCheck.Result result = judge();

    assertThat(result.figures().commentsTold()).isZero();
    assertThat(result.figures().commentsMissing()).isEqualTo(1);
    assertThat(result.figures().commentsDoubled()).isEqualTo(1);
    assertThat(result.problems())
        .containsExactlyInAnyOrder(
            "c1 lacks the comment «We work on it.»", "c2 has 2 times the comment «We work on it.»");
  }

  @Test
  void aWorkNoteTellsNobody() {
    put(child("c1", "t1", 1, List.of(internal(COMMENT))));

    assertThat(judge().figures().commentsMissing()).isEqualTo(1);
  }

  @Test
  void seesAnInternalNoteOnADuplicate() {
    String leaked = "c1 shows what was not meant for it: «Do not tell the wards yet.»";
    put(child("c1", "t1", 1, List.of(told(COMMENT), told(INTERNAL))));
    assertThat(judge().problems()).containsExactly(leaked);

    put(child("c1", "t1", 1, List.of(told(COMMENT), internal(INTERNAL))));
    assertThat(judge().problems()).containsExactly(leaked);
  }

  @Test
  void seesWhatCallersWereToldBesides() {
    put(child("c1", "t1", 1, List.of(told(COMMENT), told("Consolidated."))));

    assertThat(judge().problems())
        .containsExactly("c1 shows what was not meant for it: «Consolidated.»");
  }

  @Test
  void seesATicketThatIsNotResolvedOrTwice() {
    put(ticket("c1", "", "t1", "1", 0, 3, List.of(told(COMMENT))));
    put(child("c2", "t1", 2, List.of(told(COMMENT))));

    assertThat(judge().figures().resolved()).isZero();
    assertThat(judge().problems())
        .containsExactlyInAnyOrder(
            "c1 is not resolved as the primary is: state 1, Solution provided, «Restarted.»",
            "c2 was resolved 2 times");
  }

  @Test
  void seesAnUnrelatedTicketThatWasChanged() {
    put(ticket("u1", "", "", "1", 0, 1, List.of()));
    assertThat(judge().problems())
        .containsExactly("u1 has nothing to do with the outage, and was changed");

    put(ticket("u1", "", "", "6", 1, 0, List.of()));
    assertThat(judge().problems())
        .containsExactly("u1 has nothing to do with the outage, and was changed");
  }

  @Test
  void asksForALateTicketToBeProposedAndNoMore() {
    assertThat(judge(Set.of()).figures().proposedLate()).isZero();
    assertThat(judge(Set.of()).problems())
        .containsExactly("l1 came late and should be proposed, and left as it is");

    put(child("l1", "t1", 1, List.of(told(COMMENT))));
    assertThat(judge().problems())
        .contains("l1 came late and should be proposed, and left as it is");
  }

  private DuplicateCheck.Result judge() {
    return judge(Set.of("l1"));
  }

  private DuplicateCheck.Result judge(Set<String> proposed) {
    return new DuplicateCheck(facts, tickets, pages).judge(proposed);
  }

  private void put(Ticket ticket) {
    tickets.replaceAll(old -> old.id().equals(ticket.id()) ? ticket : old);
  }

  private static Ticket child(String id, String parent, int resolutions, List<NoteLine> lines) {
    return ticket(id, "", parent, "6", resolutions, 4, lines);
  }

  private static Ticket ticket(
      String id,
      String link,
      String parent,
      String state,
      int resolutions,
      int touches,
      List<NoteLine> lines) {
    return new Ticket(
        id,
        id,
        link,
        parent,
        state,
        "Solution provided",
        "Restarted.",
        resolutions,
        touches,
        lines);
  }

  private static NoteLine told(String text) {
    return new NoteLine(text, true, true);
  }

  private static NoteLine internal(String text) {
    return new NoteLine(text, true, false);
  }
}
