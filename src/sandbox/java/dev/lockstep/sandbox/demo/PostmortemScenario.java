package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.servicenow.ChangeOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * After the outage: a postmortem with five action items, an incident closed too early, one change
 * that is deployed and one that fails.
 */
final class PostmortemScenario {
  private static final String STORE = "Give the session store a host of its own";
  private static final String SIGN_INS = "Retry sign-ins that find no session";
  private static final String RUNBOOK = "Write down how to fail the session store over";
  private static final String PRACTICE = "Practise the failover";
  private static final String ALERT = "Alert when the session store runs out of connections";

  /** The third item names no owner, the fourth no date; the second is an issue already. */
  private static final String POSTMORTEM =
      """
      ---
      incident: %s
      ---
      # Patient records could not be opened

      ## Action items

      | Action item | Owner | Due date | Ticket |
      |---|---|---|---|
      | %s | %s | 2027-01-15 | |
      | %s | %s | 2027-02-01 | %s |
      | %s | | 2027-02-01 | |
      | %s | %s | | |

      - [ ] %s (%s, 2027-01-22)
      """;

  private final ScenarioRunner runner;
  private final ScenarioFacts facts;
  private final ScenarioRunner.LinkedPair incident;
  private final String number;

  PostmortemScenario(
      ScenarioRunner runner, ScenarioFacts facts, ScenarioRunner.LinkedPair incident) {
    this.runner = runner;
    this.facts = facts;
    this.incident = incident;
    this.number = runner.ticket(incident, "number");
  }

  /**
   * Whoever works on changes of ServiceNow has to be able to write on closed tickets. In Jira one
   * issue of several was there before the outage, and comes to be an action item.
   */
  static void seed(SimulatedSystems hospital) {
    hospital.serviceNow().giveRole(SimulatedSystems.SERVICENOW_USER, "itil_admin");
    JiraSimulator jira = hospital.jira().orElseThrow();
    for (String summary :
        List.of("Print labels in landscape", "Remember the ward of a user", SIGN_INS)) {
      jira.as(DemoUsers.BEN).create(SimulatedSystems.PRODUCT_PROJECT, "Story", summary);
    }
  }

  /**
   * @throws ExpectationFailedException when Lockstep did not follow in time
   */
  void play() {
    runner.chapter("The postmortem: five action items, and a ticket closed too early");
    String issue = issue();
    Instant at = send(issue);
    runner.await(
        "three changes and what keeps the others",
        () -> changes().size() == 3 && told("needs owner") && told("needs due date"),
        this::found);
    runner.followed(
        "three become change requests; a note on the ticket says what the others lack", at);
    follow(issue, "In Progress", "is in new", at);
    closeTooEarly();
    at = carryOut("Ana", DemoUsers.ANA, SIGN_INS, ChangeOutcome.SUCCESSFUL);
    follow(issue, "Done", "deployed: " + key(SIGN_INS), at);
    carryOut("Ben", DemoUsers.BEN, ALERT, ChangeOutcome.UNSUCCESSFUL);
    runner.chapter("From the alert to what was deployed because of it");
    runner.show("trace", number);
  }

  private Instant send(String issue) {
    facts.actionItems = 5;
    facts.reviewed = incident.ticket();
    String document =
        POSTMORTEM.formatted(
            number,
            STORE,
            DemoUsers.BEN,
            SIGN_INS,
            DemoUsers.ANA,
            issue,
            RUNBOOK,
            PRACTICE,
            DemoUsers.EVA,
            ALERT,
            DemoUsers.BEN);
    Instant at =
        runner.act("Ana", "sends the postmortem of " + number, () -> runner.lockstep().postmortem(document));
    runner.remark("- " + STORE + ": Ben, 15 January");
    runner.remark("- " + SIGN_INS + ": Ana, 1 February; it is " + issue + " in Jira already");
    runner.remark("- " + RUNBOOK + ": nobody");
    runner.remark("- " + PRACTICE + ": Eva, no date");
    runner.remark("- " + ALERT + ": Ben, 22 January");
    return at;
  }

  private void closeTooEarly() {
    Instant at =
        runner.act(
            "Maya",
            "closes " + number,
            () ->
                runner
                    .serviceNow()
                    .as(SimulatedSystems.userName(DemoUsers.MAYA))
                    .update(incident.ticket(), Map.of("state", "7")));
    runner.await("a warning", () -> told("It was closed, but these are missing"), this::found);
    runner.followed("a note on the ticket names the two action items without a change request", at);
  }

  private Instant carryOut(String who, String email, String title, ChangeOutcome outcome) {
    boolean succeeds = outcome == ChangeOutcome.SUCCESSFUL;
    Instant at =
        runner.act(
            who,
            "carries out %s, and %s: %s"
                .formatted(key(title), succeeds ? "it works" : "has to take it back", title),
            () ->
                runner
                    .serviceNow()
                    .as(SimulatedSystems.userName(email))
                    .carryOut(change(title), outcome, "See the change's log."));
    String then = succeeds ? "deployed: " : "open again: ";
    runner.await("the incident to be told", () -> told(then + key(title)), this::found);
    runner.followed(
        succeeds
            ? "a note on the ticket says that it is deployed"
            : "a note on the ticket says that it failed, and that the action item is open again",
        at);
    return at;
  }

  private void follow(String issue, String status, String comment, Instant since) {
    runner.await(
        issue + " to follow its change",
        () -> status(issue).equals(status) && commented(issue, comment),
        () -> found(issue));
    runner.followed(
        "%s in Jira goes to %s, and a comment says why".formatted(issue, status), since);
  }

  private String key(String title) {
    return runner.serviceNow().value(change(title), "number");
  }

  private String change(String title) {
    return changes().stream()
        .filter(change -> title.equals(change.get("short_description")))
        .map(change -> change.getOrDefault("sys_id", ""))
        .findFirst()
        .orElseThrow();
  }

  private List<Map<String, String>> changes() {
    return runner.serviceNow().records("change_request");
  }

  /** The key of the issue that is to become an action item. */
  private String issue() {
    JiraSimulator jira = runner.jira();
    return jira.issues().stream()
        .filter(key -> jira.issue(key).at("/fields/summary").asText().equals(SIGN_INS))
        .findFirst()
        .orElseThrow();
  }

  private boolean told(String text) {
    return runner.serviceNow().journal(incident.ticket()).stream()
        .anyMatch(entry -> entry.value().contains(text));
  }

  private String status(String issue) {
    return runner.jira().status(issue);
  }

  private boolean commented(String issue, String text) {
    return runner.jira().comments(issue).stream()
        .anyMatch(comment -> comment.text().contains(text));
  }

  private String found() {
    return changes().size()
        + " changes; the ticket's last note: "
        + runner.serviceNow().journal(incident.ticket()).stream()
            .reduce((first, second) -> second)
            .map(entry -> entry.value())
            .orElse("none");
  }

  private String found(String issue) {
    return status(issue)
        + ", "
        + runner.jira().comments(issue).stream().map(comment -> comment.text()).toList();
  }
}
