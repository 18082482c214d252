package dev.lockstep.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge must see what is wrong: each test spoils one thing of a pair that agrees. */
class AgreementCheckTest {
  private static final String MARK = "\n[lockstep:0123456789abcdef]";
  private static final String OTHER_MARK = "\n[lockstep:fedcba9876543210]";
  private static final String HEAD = "Ben on #7, 2026-11-24 03:00:00 UTC:\n";

  private final ExpectedFields expectations =
      new ExpectedFields(
          new ExpectedFields.Names(
              (field, name) -> !name.startsWith("platform-only"),
              (field, name) -> !name.startsWith("itsm-only")));

  /** By ticket, the notes of people that are on none of its records. */
  private final Map<String, List<NoteLine>> elsewhere = new HashMap<>();

  private final AgreementCheck agreement =
      new AgreementCheck(
          expectations, Optional.empty(), ticket -> elsewhere.getOrDefault(ticket, List.of()));

  private final AgreementCheck withJira =
      new AgreementCheck(
          expectations,
          Optional.of(new ExpectedIssueFields(email -> !email.startsWith("itsm-only"))),
          ticket -> elsewhere.getOrDefault(ticket, List.of()));

  private final AgreementCheck.RecordView ticket =
      record("t1", "INC1", "pagerduty/incident/P1", ticketState(Map.of()));
  private final AgreementCheck.RecordView incident =
      record("P1", "#7", "", incidentState(Map.of()));
  private final AgreementCheck.RecordView issue = issue(Map.of());

  @Test
  void findsNothingWhereBothSidesAgree() {
    AgreementCheck.Result result = agreement.judge(List.of(ticket), List.of(incident), List.of());

    assertThat(result.verdicts()).singleElement().matches(AgreementCheck.Verdict::agrees);
    assertThat(result.agreeing()).isEqualTo(1);
    assertThat(result.duplicates()).isZero();
    assertThat(result.unlinked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "title,Other,true",
    "status,1,true",
    "status,3,false",
    "status,6,true",
    "status,42,true",
    "priority,2,true",
    "service,Laboratory,true",
    "service,'',true",
    "service,itsm-only,false",
    "group,Network,true",
    "group,itsm-only,false",
    "assignee,eva@example.com,true",
    "assignee,BEN@example.com,false",
    "assignee,itsm-only@example.com,false",
    "assignee,'',false"
  })
  void comparesEachField(String field, String value, boolean differs) {
    AgreementCheck.RecordView changed =
        record("t1", "INC1", ticket.link(), ticketState(Map.of(field, value)));

    List<String> problems = agreement.differences(changed, incident, List.of());

    assertThat(problems.stream().anyMatch(problem -> problem.startsWith(field + ":")))
        .describedAs("%s", problems)
        .isEqualTo(differs);
  }

  @ParameterizedTest
  @CsvSource({
    "1,high,true",
    "2,high,true",
    "3,high,false",
    "3,low,true",
    "5,low,true",
    "2,P3,false"
  })
  void readsUrgencyWhereThereIsNoPriority(String ticketSays, String incidentSays, boolean agrees) {
    assertThat(
            agreement
                .differences(
                    record(
                        "t1", "INC1", ticket.link(), ticketState(Map.of("priority", ticketSays))),
                    record("P1", "#7", "", incidentState(Map.of("priority", incidentSays))),
                    List.of())
                .isEmpty())
        .isEqualTo(agrees);
  }

  /** In a channel, for example: as a note on ticket or incident it is due on each of them. */
  @Test
  void whatWasSaidElsewhereIsDueOnBothOnce() {
    elsewhere.put("t1", List.of(person("Restarting")));
    assertThat(judgeNotes(List.of(carried("Restarting", MARK)), List.of())).hasSize(1);
    assertThat(
            judgeNotes(List.of(carried("Restarting", MARK)), List.of(carried("Restarting", MARK))))
        .isEmpty();
  }

  @Test
  void knowsThatTheServiceDeskIsTheDefaultPolicy() {
    assertThat(judgeGroups("Service Desk", "Default")).isTrue();
    assertThat(judgeGroups("Service Desk", "Network")).isFalse();
    assertThat(judgeGroups("Network", "Default")).isFalse();
  }

  @Test
  void asksForNobodyOnAResolvedIncident() {
    AgreementCheck.RecordView resolvedTicket =
        record("t1", "INC1", ticket.link(), ticketState(Map.of("status", "7", "group", "Network")));
    AgreementCheck.RecordView resolved =
        record("P1", "#7", "", incidentState(Map.of("status", "resolved", "assignee", "")));

    assertThat(agreement.differences(resolvedTicket, resolved, List.of())).isEmpty();
  }

  @Test
  void acceptsATitleCutToItsColumnOnly() {
    String long200 = "x".repeat(200);
    assertThat(judgeTitles(long200.substring(0, 160), long200)).isTrue();
    assertThat(judgeTitles(long200.substring(0, 159) + "…", long200)).isTrue();
    assertThat(judgeTitles(long200.substring(0, 100), long200)).isFalse();
  }

  @Test
  void takesNotesThatWereCarriedOnce() {
    assertThat(
            judgeNotes(
                List.of(person("a"), person("b")),
                List.of(carried("a", MARK), carried("b", OTHER_MARK))))
        .isEmpty();
    assertThat(judgeNotes(List.of(carried("a", MARK)), List.of(person("  a\n")))).isEmpty();
  }

  @Test
  void missesANoteThatWasNotCarried() {
    assertThat(judgeNotes(List.of(person("a")), List.of()))
        .containsExactly("note missing in PagerDuty: «a»");
    assertThat(judgeNotes(List.of(), List.of(person("a"))))
        .containsExactly("note missing in ServiceNow: «a»");
  }

  @Test
  void seesANoteThatCameTwice() {
    assertThat(
            judgeNotes(List.of(person("a")), List.of(carried("a", MARK), carried("a", OTHER_MARK))))
        .containsExactly("note doubled in PagerDuty: «a»");
    assertThat(judgeNotes(List.of(person("a")), List.of(carried("a", MARK), carried("a", MARK))))
        .contains("note doubled on #7: 2 bear the mark 0123456789abcdef");
  }

  @Test
  void countsEqualNotesOfPeople() {
    assertThat(judgeNotes(List.of(person("a"), person("a")), List.of(carried("a", MARK))))
        .containsExactly("note missing in PagerDuty: «a»");
  }

  @Test
  void seesACarriedNoteThatWasCarriedBack() {
    String echo = HEAD + HEAD + "a" + MARK + OTHER_MARK;

    assertThat(
            judgeNotes(
                List.of(person("a")), List.of(carried("a", MARK), new NoteLine(echo, true, false))))
        .anyMatch(problem -> problem.contains("is an echo"));
  }

  @Test
  void seesWhatCallersMustNotRead() {
    assertThat(
            judgeNotes(List.of(new NoteLine(HEAD + "a" + MARK, true, true)), List.of(person("a"))))
        .contains("notes: Lockstep wrote where callers read");
  }

  @Test
  void countsRecordsThatWereCreatedTwice() {
    AgreementCheck.RecordView second = record("t2", "INC2", ticket.link(), ticket.state());
    assertThat(agreement.judge(List.of(ticket, second), List.of(incident), List.of()).duplicates())
        .isEqualTo(1);

    AgreementCheck.RecordView other =
        record("P2", "#8", "servicenow/incident/t1", incident.state());
    assertThat(agreement.judge(List.of(ticket), List.of(incident, other), List.of()).duplicates())
        .isEqualTo(1);
  }

  @Test
  void namesRecordsThatAreLinkedWithNone() {
    AgreementCheck.RecordView lone = record("t2", "INC2", "", ticket.state());
    AgreementCheck.RecordView other = record("P2", "#8", "a1b2", incident.state());

    assertThat(
            agreement.judge(List.of(ticket, lone), List.of(incident, other), List.of()).unlinked())
        .extracting(AgreementCheck.RecordView::key)
        .containsExactly("INC2", "#8");
  }

  @Test
  void asksTheTicketToNameItsIncident() {
    AgreementCheck.RecordView silent = record("t1", "INC1", "", ticket.state());
    AgreementCheck.RecordView keyed =
        record("P1", "#7", "servicenow/incident/t1", incident.state());

    assertThat(agreement.judge(List.of(silent), List.of(keyed), List.of()).verdicts())
        .singleElement()
        .satisfies(
            verdict ->
                assertThat(verdict.problems())
                    .containsExactly("link: the ticket does not name the incident"));
  }

  @Test
  void findsNothingWhereTheIssueAgreesToo() {
    AgreementCheck.Result result =
        withJira.judge(List.of(ticket), List.of(incident), List.of(issue));

    assertThat(result.verdicts()).singleElement().matches(AgreementCheck.Verdict::agrees);
    assertThat(result.issues()).singleElement().matches(AgreementCheck.IssueVerdict::agrees);
    assertThat(result.duplicates()).isZero();
    assertThat(result.unlinked()).isEmpty();
    assertThat(Summary.Issues.of(result.issues())).isEqualTo(new Summary.Issues(1, 1, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "title,Other,true",
    "status,Open,true",
    "status,Pending,true",
    "status,Resolved,true",
    "priority,High,true",
    "assignee,eva@example.com,true",
    "assignee,'',true",
    "assignee,BEN@example.com,false"
  })
  void comparesEachFieldOfTheIssue(String field, String value, boolean differs) {
    AgreementCheck.RecordView changed = issue(Map.of(field, value));

    assertThat(
            withJira.differences(ticket, incident, List.of(changed)).stream()
                .anyMatch(problem -> problem.startsWith(field + ":")))
        .isEqualTo(differs);
    assertThat(
            Summary.Issues.of(
                withJira.judge(List.of(ticket), List.of(incident), List.of(changed)).issues()))
        .isEqualTo(new Summary.Issues(1, differs ? 0 : 1, 0));
  }

  @ParameterizedTest
  @CsvSource({"1,Open", "2,In Progress", "3,Pending", "6,Resolved", "7,Closed"})
  void knowsWhereAnIssueIsToStand(String state, String status) {
    AgreementCheck.RecordView moved =
        record("t1", "INC1", "", ticketState(Map.of("status", state)));

    // Its incident was merged into another.
    assertThat(
            withJira
                .judge(List.of(moved), List.of(), List.of(issue(Map.of("status", status))))
                .issues())
        .singleElement()
        .matches(AgreementCheck.IssueVerdict::agrees);
  }

  @Test
  void asksOfNobodyWhomJiraDoesNotKnow() {
    AgreementCheck.RecordView assigned =
        record(
            "t1", "INC1", ticket.link(), ticketState(Map.of("assignee", "itsm-only@example.com")));

    assertThat(withJira.differences(assigned, incident, List.of(issue(Map.of("assignee", "")))))
        .isEmpty();
  }

  @Test
  void takesNotesOfThreeSystemsThatWereCarriedOnce() {
    assertThat(
            judgeThree(
                List.of(person("a"), carried("b", MARK), carried("c", OTHER_MARK)),
                List.of(carried("a", MARK), person("b"), carried("c", OTHER_MARK)),
                List.of(carried("a", MARK), carried("b", OTHER_MARK), person("c"))))
        .isEmpty();
  }

  @Test
  void missesANoteOfThreeSystemsThatWasNotCarried() {
    assertThat(judgeThree(List.of(), List.of(), List.of(person("a"))))
        .containsExactlyInAnyOrder(
            "note missing in ServiceNow: «a»", "note missing in PagerDuty: «a»");
    assertThat(judgeThree(List.of(carried("a", MARK)), List.of(person("a")), List.of()))
        .containsExactly("note missing in Jira: «a»");
  }

  @Test
  void seesANoteOfThreeSystemsThatCameTwice() {
    assertThat(
            judgeThree(
                List.of(person("a")),
                List.of(carried("a", MARK)),
                List.of(carried("a", MARK), carried("a", OTHER_MARK))))
        .containsExactly("note doubled in Jira: «a»");
    assertThat(
            judgeThree(
                List.of(carried("a", MARK)),
                List.of(carried("a", MARK), carried("a", OTHER_MARK)),
                List.of(person("a"))))
        .containsExactly("note doubled in PagerDuty: «a»");
    assertThat(
            judgeThree(
                List.of(person("a")),
                List.of(carried("a", MARK)),
                List.of(carried("a", MARK), carried("a", MARK))))
        .contains("note doubled on OPS-1: 2 bear the mark 0123456789abcdef");
  }

  @Test
  void comparesTheIssueOfATicketWhoseIncidentWasMerged() {
    assertThat(
            withJira
                .judge(
                    List.of(ticket), List.of(), List.of(issue(issue.state(), List.of(person("a")))))
                .issues())
        .singleElement()
        .satisfies(
            verdict ->
                assertThat(verdict.problems()).containsExactly("note missing in ServiceNow: «a»"));
  }

  @Test
  void seesWhatCustomersMustNotReadInJira() {
    assertThat(
            judgeThree(
                List.of(person("a")),
                List.of(carried("a", MARK)),
                List.of(new NoteLine(HEAD + "a" + MARK, true, true))))
        .containsExactly("notes: Lockstep commented where customers read");
  }

  @Test
  void asksForOneIssueForEachPair() {
    assertThat(withJira.judge(List.of(ticket), List.of(incident), List.of()).verdicts())
        .singleElement()
        .satisfies(
            verdict ->
                assertThat(verdict.problems())
                    .containsExactly("link: no issue stands for the ticket"));
    assertThat(
            withJira.judge(List.of(ticket), List.of(incident), List.of(issue, issue)).duplicates())
        .isEqualTo(1);
    AgreementCheck.RecordView lone = record("OPS-2", "OPS-2", "", issue.state());
    assertThat(withJira.judge(List.of(ticket), List.of(incident), List.of(issue, lone)).unlinked())
        .containsExactly(lone);
  }

  @Test
  void wantsNoIssueForATicketNobodyIsPagedFor() {
    ScenarioFacts facts = new ScenarioFacts();
    facts.clinics.add("t1");

    assertThat(facts.excuse(withJira.judge(List.of(ticket), List.of(), List.of(issue))).issues())
        .singleElement()
        .satisfies(
            verdict ->
                assertThat(verdict.problems())
                    .containsExactly("nobody is paged for the ticket, and it has an issue"));
  }

  private List<String> judgeThree(
      List<NoteLine> onTicket, List<NoteLine> onIncident, List<NoteLine> onIssue) {
    return withJira.differences(
        new AgreementCheck.RecordView("t1", "INC1", ticket.link(), ticket.state(), onTicket),
        new AgreementCheck.RecordView("P1", "#7", "", incident.state(), onIncident),
        List.of(issue(issue.state(), onIssue)));
  }

  private static AgreementCheck.RecordView issue(Map<String, String> but) {
    Map<String, String> usual =
        Map.of(
            "title", "Charts do not open",
            "status", "In Progress",
            "priority", "Highest",
            "assignee", "ben@example.com");
    return issue(state(usual, but), List.of());
  }

  private static AgreementCheck.RecordView issue(FieldState state, List<NoteLine> lines) {
    return new AgreementCheck.RecordView(
        "OPS-1", "OPS-1", "servicenow/incident/t1/a1b2c3", state, lines);
  }

  private boolean judgeGroups(String group, String policy) {
    return agreement
        .differences(
            record("t1", "INC1", ticket.link(), ticketState(Map.of("group", group))),
            record("P1", "#7", "", incidentState(Map.of("group", policy))),
            List.of())
        .isEmpty();
  }

  private boolean judgeTitles(String ticketTitle, String incidentTitle) {
    return agreement
        .differences(
            record("t1", "INC1", ticket.link(), ticketState(Map.of("title", ticketTitle))),
            record("P1", "#7", "", incidentState(Map.of("title", incidentTitle))),
            List.of())
        .isEmpty();
  }

  private List<String> judgeNotes(List<NoteLine> onTicket, List<NoteLine> onIncident) {
    return agreement.differences(
        new AgreementCheck.RecordView("t1", "INC1", ticket.link(), ticket.state(), onTicket),
        new AgreementCheck.RecordView("P1", "#7", "", incident.state(), onIncident),
        List.of());
  }

  private static NoteLine person(String text) {
    return new NoteLine(text, false, false);
  }

  private static NoteLine carried(String text, String mark) {
    return new NoteLine(HEAD + text + mark, true, false);
  }

  private static AgreementCheck.RecordView record(
      String id, String key, String link, FieldState state) {
    return new AgreementCheck.RecordView(id, key, link, state, new ArrayList<>());
  }

  static FieldState ticketState(Map<String, String> but) {
    return state(
        Map.of(
            "title", "Charts do not open",
            "status", "2",
            "priority", "1",
            "service", "Health Records",
            "group", "Database",
            "assignee", "ben@example.com"),
        but);
  }

  static FieldState incidentState(Map<String, String> but) {
    return state(
        Map.of(
            "title", "Charts do not open",
            "status", "acknowledged",
            "priority", "P1",
            "service", "Health Records",
            "group", "Database",
            "assignee", "ben@example.com"),
        but);
  }

  private static FieldState state(Map<String, String> usual, Map<String, String> but) {
    Map<String, String> values = new java.util.HashMap<>(usual);
    values.putAll(but);
    return new FieldState(values);
  }
}
