package dev.lockstep.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge must see what is wrong: each test spoils one thing of a pair that agrees. */
class AgreementCheckTest {
  private static final String MARK = "\n[lockstep:0123456789abcdef]";
  private static final String OTHER_MARK = "\n[lockstep:fedcba9876543210]";
  private static final String HEAD = "Ben on #7, 2026-11-24 03:00:00 UTC:\n";

  private final AgreementCheck agreement =
      new AgreementCheck(
          new ExpectedFields(
              new ExpectedFields.Names(
                  (field, name) -> !name.startsWith("platform-only"),
                  (field, name) -> !name.startsWith("itsm-only"))));

  private final AgreementCheck.RecordView ticket =
      record("t1", "INC1", "pagerduty/incident/P1", ticketState(Map.of()));
  private final AgreementCheck.RecordView incident =
      record("P1", "#7", "", incidentState(Map.of()));

  @Test
  void findsNothingWhereBothSidesAgree() {
    AgreementCheck.Result result = agreement.judge(List.of(ticket), List.of(incident));

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

    List<String> problems = agreement.judge(changed, incident).problems();

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
                .judge(
                    record(
                        "t1", "INC1", ticket.link(), ticketState(Map.of("priority", ticketSays))),
                    record("P1", "#7", "", incidentState(Map.of("priority", incidentSays))))
                .agrees())
        .isEqualTo(agrees);
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

    assertThat(agreement.judge(resolvedTicket, resolved).problems()).isEmpty();
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
    assertThat(agreement.judge(List.of(ticket, second), List.of(incident)).duplicates())
        .isEqualTo(1);

    AgreementCheck.RecordView other =
        record("P2", "#8", "servicenow/incident/t1", incident.state());
    assertThat(agreement.judge(List.of(ticket), List.of(incident, other)).duplicates())
        .isEqualTo(1);
  }

  @Test
  void namesRecordsThatAreLinkedWithNone() {
    AgreementCheck.RecordView lone = record("t2", "INC2", "", ticket.state());
    AgreementCheck.RecordView other = record("P2", "#8", "a1b2", incident.state());

    assertThat(agreement.judge(List.of(ticket, lone), List.of(incident, other)).unlinked())
        .extracting(AgreementCheck.RecordView::key)
        .containsExactly("INC2", "#8");
  }

  @Test
  void asksTheTicketToNameItsIncident() {
    AgreementCheck.RecordView silent = record("t1", "INC1", "", ticket.state());
    AgreementCheck.RecordView keyed =
        record("P1", "#7", "servicenow/incident/t1", incident.state());

    assertThat(agreement.judge(List.of(silent), List.of(keyed)).verdicts())
        .singleElement()
        .satisfies(
            verdict ->
                assertThat(verdict.problems())
                    .containsExactly("link: the ticket does not name the incident"));
  }

  private boolean judgeGroups(String group, String policy) {
    return agreement
        .judge(
            record("t1", "INC1", ticket.link(), ticketState(Map.of("group", group))),
            record("P1", "#7", "", incidentState(Map.of("group", policy))))
        .agrees();
  }

  private boolean judgeTitles(String ticketTitle, String incidentTitle) {
    return agreement
        .judge(
            record("t1", "INC1", ticket.link(), ticketState(Map.of("title", ticketTitle))),
            record("P1", "#7", "", incidentState(Map.of("title", incidentTitle))))
        .agrees();
  }

  private List<String> judgeNotes(List<NoteLine> onTicket, List<NoteLine> onIncident) {
    return agreement
        .judge(
            new AgreementCheck.RecordView("t1", "INC1", ticket.link(), ticket.state(), onTicket),
            new AgreementCheck.RecordView("P1", "#7", "", incident.state(), onIncident))
        .problems();
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
