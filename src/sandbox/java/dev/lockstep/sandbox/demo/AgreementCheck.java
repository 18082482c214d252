package dev.lockstep.sandbox.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether linked records really agree, judged by what the sandboxes hold. Pure. */
final class AgreementCheck {

  /**
   * A record as one sandbox holds it.
   *
   * @param key what people call it
   * @param link the correlation id, incident key or label: whom it says it is linked with
   */
  record RecordView(String id, String key, String link, FieldState state, List<NoteLine> lines) {
    RecordView {
      lines = List.copyOf(lines);
    }
  }

  /**
   * @param problems what differs, one line each; empty when the two agree
   */
  record Verdict(RecordView ticket, RecordView incident, List<String> problems) {
    Verdict {
      problems = List.copyOf(problems);
    }

    boolean agrees() {
      return problems.isEmpty();
    }

    String title() {
      return ticket.key() + " ⇄ " + incident.key();
    }
  }

  /**
   * @param problems what differs, one line each; empty when the issue agrees with its ticket
   */
  record IssueVerdict(RecordView ticket, RecordView issue, List<String> problems) {
    IssueVerdict {
      problems = List.copyOf(problems);
    }

    boolean agrees() {
      return problems.isEmpty();
    }

    String title() {
      return ticket.key() + " ⇄ " + issue.key();
    }

    IssueVerdict with(String problem) {
      return new IssueVerdict(
          ticket, issue, Stream.concat(problems.stream(), Stream.of(problem)).toList());
    }
  }

  /**
   * @param issues of all tickets that have one, with or without an incident
   * @param duplicates records beyond the first that stand for the same record of the other side
   * @param unlinked records that are linked with none
   */
  record Result(
      List<Verdict> verdicts,
      List<IssueVerdict> issues,
      int duplicates,
      List<RecordView> unlinked) {
    Result {
      verdicts = List.copyOf(verdicts);
      issues = List.copyOf(issues);
      unlinked = List.copyOf(unlinked);
    }

    long agreeing() {
      return verdicts.stream().filter(Verdict::agrees).count();
    }
  }

  private static final String TICKET = "servicenow/incident/";
  private static final String INCIDENT = "pagerduty/incident/";

  private static final String JIRA = "Jira";

  private final ExpectedFields expectations;
  private final Optional<ExpectedIssueFields> issueExpectations;
  private final Function<String, List<NoteLine>> notesElsewhere;

  /**
   * @param issueExpectations empty where there is no Jira; otherwise each pair must have an issue
   * @param notesElsewhere by ticket, the notes of people that are on none of these records
   */
  AgreementCheck(
      ExpectedFields expectations,
      Optional<ExpectedIssueFields> issueExpectations,
      Function<String, List<NoteLine>> notesElsewhere) {
    this.expectations = expectations;
    this.issueExpectations = issueExpectations;
    this.notesElsewhere = notesElsewhere;
  }

  Result judge(List<RecordView> tickets, List<RecordView> incidents, List<RecordView> issues) {
    Map<String, RecordView> ticketById = byId(tickets);
    Map<String, RecordView> incidentById = byId(incidents);
    Map<String, String> pairs = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    int duplicates = 0;
    for (RecordView ticket : tickets) {
      String incident = named(ticket, INCIDENT);
      if (incidentById.containsKey(incident)) {
        pairs.put(ticket.id(), incident);
        duplicates += taken.add(incident) ? 0 : 1;
      }
    }
    for (RecordView incident : incidents) {
      String ticket = named(incident, TICKET);
      if (ticketById.containsKey(ticket)) {
        String already = pairs.putIfAbsent(ticket, incident.id());
        duplicates += already == null || already.equals(incident.id()) ? 0 : 1;
      }
    }
    Map<String, List<RecordView>> issuesOf =
        issues.stream().collect(Collectors.groupingBy(AgreementCheck::ticketOf));
    List<Verdict> verdicts = new ArrayList<>();
    pairs.forEach(
        (ticket, incident) ->
            verdicts.add(
                judge(
                    known(ticketById, ticket),
                    known(incidentById, incident),
                    issuesOf.getOrDefault(ticket, List.of()))));
    List<IssueVerdict> issueVerdicts = new ArrayList<>();
    for (RecordView ticket : tickets) {
      List<RecordView> its = issuesOf.getOrDefault(ticket.id(), List.of());
      duplicates += Math.max(0, its.size() - 1);
      Optional<RecordView> incident =
          Optional.ofNullable(pairs.get(ticket.id())).map(incidentById::get);
      its.forEach(issue -> issueVerdicts.add(judgeIssue(ticket, incident, issue)));
    }
    List<RecordView> unlinked =
        Stream.of(
                tickets.stream().filter(ticket -> !pairs.containsKey(ticket.id())),
                incidents.stream().filter(incident -> !pairs.containsValue(incident.id())),
                issues.stream().filter(issue -> !ticketById.containsKey(ticketOf(issue))))
            .flatMap(each -> each)
            .toList();
    return new Result(verdicts, issueVerdicts, duplicates, unlinked);
  }

  /** All that differs between a ticket, its incident and the issues that stand for it. */
  List<String> differences(RecordView ticket, RecordView incident, List<RecordView> issues) {
    return Stream.concat(
            judge(ticket, incident, issues).problems().stream(),
            issues.stream()
                .map(issue -> judgeIssue(ticket, Optional.of(incident), issue))
                .flatMap(verdict -> verdict.problems().stream()))
        .toList();
  }

  private Verdict judge(RecordView ticket, RecordView incident, List<RecordView> issues) {
    List<String> problems = new ArrayList<>();
    if (issueExpectations.isPresent() && issues.isEmpty()) {
      problems.add("link: no issue stands for the ticket");
    }
    if (!named(ticket, INCIDENT).equals(incident.id())) {
      problems.add("link: the ticket does not name the incident");
    }
    expectations
        .differences(ticket.state(), incident.state())
        .forEach((field, said) -> problems.add(field + ": " + said));
    List<NoteLine> elsewhere = notesElsewhere.apply(ticket.id());
    carriedOnce(with(issues, ticket), elsewhere, incident, SystemSide.PLATFORM.label(), problems);
    carriedOnce(with(issues, incident), elsewhere, ticket, SystemSide.ITSM.label(), problems);
    for (RecordView record : List.of(ticket, incident)) {
      marksAreUnique(record, problems);
      nothingCarriedBack(record, problems);
    }
    // Comments reach the caller; the shipped mapping lets nothing of PagerDuty's through.
    if (ticket.lines().stream().anyMatch(line -> line.ours() && line.forCallers())) {
      problems.add("notes: Lockstep wrote where callers read");
    }
    return new Verdict(ticket, incident, problems);
  }

  /** A ticket whose incident was merged is compared with its issue alone. */
  private IssueVerdict judgeIssue(
      RecordView ticket, Optional<RecordView> incident, RecordView issue) {
    List<String> problems = new ArrayList<>();
    issueExpectations
        .orElseThrow()
        .differences(ticket.state(), issue.state())
        .forEach((field, said) -> problems.add(field + ": " + said));
    List<NoteLine> elsewhere = notesElsewhere.apply(ticket.id());
    carriedOnce(with(incident.stream().toList(), ticket), elsewhere, issue, JIRA, problems);
    if (incident.isEmpty()) {
      carriedOnce(List.of(issue), elsewhere, ticket, SystemSide.ITSM.label(), problems);
    }
    marksAreUnique(issue, problems);
    nothingCarriedBack(issue, problems);
    if (issue.lines().stream().anyMatch(line -> line.ours() && line.forCallers())) {
      problems.add("notes: Lockstep commented where customers read");
    }
    return new IssueVerdict(ticket, issue, problems);
  }

  private static List<RecordView> with(List<RecordView> records, RecordView another) {
    return Stream.concat(records.stream(), Stream.of(another)).toList();
  }

  /** Every note a person wrote on the others is exactly once on this record, and no other is. */
  private static void carriedOnce(
      List<RecordView> others,
      List<NoteLine> elsewhere,
      RecordView record,
      String system,
      List<String> problems) {
    Map<String, Integer> due = new HashMap<>();
    Stream.concat(others.stream().flatMap(other -> other.lines().stream()), elsewhere.stream())
        .filter(line -> !line.ours() && !line.text().isBlank())
        .forEach(line -> due.merge(line.text().strip(), 1, Integer::sum));
    record.lines().stream()
        .flatMap(line -> line.carriedText().stream())
        .forEach(text -> due.merge(text, -1, Integer::sum));
    due.forEach(
        (text, missing) -> {
          if (missing > 0) {
            problems.add("note missing in %s: «%s»".formatted(system, text));
          } else if (missing < 0) {
            problems.add("note doubled in %s: «%s»".formatted(system, text));
          }
        });
  }

  private static void marksAreUnique(RecordView record, List<String> problems) {
    Map<String, Long> marks =
        record.lines().stream()
            .filter(NoteLine::ours)
            .flatMap(line -> line.mark().stream())
            .collect(Collectors.groupingBy(mark -> mark, Collectors.counting()));
    marks.forEach(
        (mark, times) -> {
          if (times > 1) {
            problems.add(
                "note doubled on %s: %d bear the mark %s".formatted(record.key(), times, mark));
          }
        });
  }

  /** A carried note that was taken for a new one would carry a mark inside its text. */
  private static void nothingCarriedBack(RecordView record, List<String> problems) {
    echoedNotes(record.lines().stream())
        .forEach(text -> problems.add("note on %s is an echo: «%s»".formatted(record.key(), text)));
  }

  static Stream<String> echoedNotes(Stream<NoteLine> lines) {
    return lines
        .filter(NoteLine::ours)
        .map(NoteLine::text)
        .filter(text -> text.split("\\[lockstep:", -1).length > 2);
  }

  /** The sys_id of the ticket this record names; empty if it names none. */
  static String ticketOf(RecordView record) {
    return named(record, TICKET);
  }

  private static String named(RecordView record, String prefix) {
    // Behind the id may stand a token.
    return record.link().startsWith(prefix)
        ? record.link().substring(prefix.length()).replaceFirst("/.*", "")
        : "";
  }

  private static RecordView known(Map<String, RecordView> all, String id) {
    RecordView record = all.get(id);
    if (record == null) {
      throw new IllegalArgumentException(id);
    }
    return record;
  }

  private static Map<String, RecordView> byId(List<RecordView> all) {
    return all.stream().collect(Collectors.toMap(RecordView::id, record -> record));
  }
}
