package dev.lockstep.sandbox.demo;

import java.time.Instant;

/** What the engineers see and do of an incident in Jira. */
final class IssueScenario {
  private final ScenarioRunner runner;
  private final IssueReader reader;

  IssueScenario(ScenarioRunner runner) {
    this.runner = runner;
    this.reader = new IssueReader(runner.sandboxes());
  }

  /** Returns once there is an issue for the ticket. */
  void appears(ScenarioRunner.LinkedPair pair, Instant since) {
    runner.await(
        "an issue for " + runner.ticket(pair, "number"),
        () -> !reader.incidentsOf(pair.ticket()).isEmpty(),
        () -> runner.jira().issues().size() + " issues, none of them for it");
    runner.followed("Jira has issue " + key(pair), since);
  }

  void takeUp(ScenarioRunner.LinkedPair pair) {
    String issue = key(pair);
    runner.step(
        pair,
        "Ben",
        "takes up %s in Jira".formatted(issue),
        () -> runner.jira().as(DemoUsers.BEN).transition(issue, "Start progress"),
        "ServiceNow shows In Progress, PagerDuty's incident is acknowledged",
        () ->
            runner.ticket(pair, "state").equals("2")
                && runner.incident(pair).get(FieldState.STATUS).equals("acknowledged"));
  }

  void comment(ScenarioRunner.LinkedPair pair, String text) {
    String issue = key(pair);
    runner.step(
        pair,
        "Ben",
        "comments on %s for agents only: %s".formatted(issue, text),
        () -> runner.jira().as(DemoUsers.BEN).commentInternally(issue, text),
        "ServiceNow has the work note, PagerDuty the note",
        () ->
            runner.carriedToBoth(pair, text));
  }

  /** Returns once the issue has this status. */
  void becomes(ScenarioRunner.LinkedPair pair, String status, Instant since) {
    String issue = key(pair);
    runner.await(
        issue + " to be " + status,
        () -> runner.jira().status(issue).equals(status),
        () -> runner.jira().status(issue));
    runner.followed("%s in Jira is %s".formatted(issue, status), since);
  }

  private String key(ScenarioRunner.LinkedPair pair) {
    return reader.incidentsOf(pair.ticket()).get(0).key();
  }
}
