package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import java.time.Instant;
import java.util.Map;

/**
 * A hospital's records system fails. Maya works at the service desk, in ServiceNow; Ana and Ben are
 * on call, in PagerDuty and in Jira. Everything is played in order and waited for, step by step.
 */
final class OutageScenario {
  private static final String RECORDS = "Health Records";
  private static final String LABORATORY = "Laboratory";

  static final NextSteps NEXT_STEPS =
      new NextSteps(SimulatedSystems.userName(DemoUsers.MAYA), DemoUsers.BEN);

  private final ScenarioRunner runner;
  private final DemoUsers users;
  private final IssueScenario issues;

  OutageScenario(ScenarioRunner runner) {
    this.runner = runner;
    this.users = new DemoUsers(runner);
    this.issues = new IssueScenario(runner);
  }

  /** Who and what the hospital has, under the same names everywhere. Maya has no Jira account. */
  static void seed(SimulatedSystems hospital) {
    hospital.agent("Maya Lind", DemoUsers.MAYA);
    hospital.person("Ana Alvarez", DemoUsers.ANA);
    hospital.person("Ben Brandt", DemoUsers.BEN);
    hospital.person("Eva Engel", DemoUsers.EVA);
    JiraSimulator jira = hospital.jira().orElseThrow();
    jira.user("Ana Alvarez", DemoUsers.ANA);
    jira.user("Ben Brandt", DemoUsers.BEN);
    jira.user("Eva Engel", DemoUsers.EVA);
    hospital.group(ExpectedFields.SERVICE_DESK);
    hospital.policy(ExpectedFields.DEFAULT_POLICY, DemoUsers.EVA);
    for (String team : new String[] {"Clinical Applications", "Database", "Network"}) {
      hospital.group(team);
    }
    hospital.policy("Clinical Applications", DemoUsers.ANA, DemoUsers.BEN);
    hospital.policy("Database", DemoUsers.BEN, DemoUsers.EVA);
    hospital.policy("Network", DemoUsers.EVA);
    hospital.item(ExpectedFields.DEFAULT_SERVICE);
    hospital.item(RECORDS);
    hospital.item(LABORATORY);
    hospital.service(ExpectedFields.DEFAULT_SERVICE, ExpectedFields.DEFAULT_POLICY);
    hospital.service(RECORDS, "Clinical Applications");
    hospital.service(LABORATORY, "Database");
  }

  /**
   * @throws ExpectationFailedException when the other side did not follow in time
   */
  void play() {
    ScenarioRunner.LinkedPair records = alarm();
    work(records);
    atTheSameMoment(records);
    ScenarioRunner.LinkedPair laboratory = fromTicket();
    FaultScenario faults = new FaultScenario(runner, users);
    runner.underFaults(
        () -> {
          faults.overloaded(records);
          faults.webhooks(records);
          faults.stopped(records, laboratory);
          faults.killed(records, laboratory);
        });
    end(records);
    endSecond(laboratory);
  }

  private ScenarioRunner.LinkedPair alarm() {
    runner.chapter("The records system fails");
    Instant at = runner.act("Monitoring", "raises an alert on " + RECORDS, () -> {});
    PagerDutyIncident incident =
        runner.pagerDuty().alert(RECORDS, "Health Records: no answer from the database");
    ScenarioRunner.LinkedPair pair = runner.ticketFor(incident);
    runner.followed(
        "PagerDuty opened #%d, ServiceNow has ticket %s"
            .formatted(incident.number(), runner.ticket(pair, "number")),
        at);
    issues.appears(pair, at);
    runner.settle(pair);
    runner.step(
        pair,
        "Maya",
        "raises impact and urgency to 1 - High in ServiceNow",
        () -> users.agent(pair, Map.of("impact", "1", "urgency", "1")),
        "PagerDuty shows priority P1",
        () -> runner.incident(pair).get(FieldState.PRIORITY).equals("P1"));
    users.agentNotes(pair, "Two wards report that charts do not open.");
    users.agentNotes(pair, "The emergency room works on paper.");
    runner.settle(pair);
    return pair;
  }

  private void work(ScenarioRunner.LinkedPair pair) {
    String id = pair.incident();
    runner.chapter("The engineers take over");
    runner.step(
        pair,
        "Ana",
        "acknowledges in PagerDuty",
        () -> runner.pagerDuty().as(DemoUsers.ANA).acknowledge(id),
        "ServiceNow shows In Progress",
        () -> runner.ticket(pair, "state").equals("2"));
    runner.step(
        pair,
        "Ana",
        "hands it to Ben",
        () -> runner.pagerDuty().as(DemoUsers.ANA).reassign(id, DemoUsers.BEN),
        "ServiceNow shows it assigned to Ben",
        () -> runner.ticket(pair, "assigned_to.email").equals(DemoUsers.BEN));
    runner.settle(pair);
    runner.step(
        pair,
        "Ben",
        "acknowledges",
        () -> runner.pagerDuty().as(DemoUsers.BEN).acknowledge(id),
        "ServiceNow shows In Progress",
        () -> runner.ticket(pair, "state").equals("2"));
    users.engineerNotes(pair, "The primary database ran out of disk.");
    users.engineerNotes(pair, "Moving old logs away.");
    String update = "Charts are back within the hour.";
    runner.step(
        pair,
        "Ben",
        "publishes a status update: " + update,
        () -> runner.pagerDuty().as(DemoUsers.BEN).statusUpdate(id, update),
        "ServiceNow has it as a work note, not shown to the caller",
        () -> runner.carried(SystemSide.ITSM, pair, update));
    runner.step(
        pair,
        "Maya",
        "puts the ticket on hold: awaiting vendor",
        () -> users.agent(pair, Map.of("state", "3", "hold_reason", "4")),
        "PagerDuty, which has no hold, gets a note",
        () -> runner.carried(SystemSide.PLATFORM, pair, "On hold"));
    users.agent(pair, Map.of("state", "2"));
    runner.settle(pair);
  }

  private void atTheSameMoment(ScenarioRunner.LinkedPair pair) {
    runner.chapter("Both sides edit at the same moment");
    Instant at =
        runner.act(
            "Maya and Ben",
            "change different fields: the title in ServiceNow, the priority in PagerDuty",
            () -> {
              users.agent(pair, Map.of("short_description", "Health Records: charts do not open"));
              runner.pagerDuty().as(DemoUsers.BEN).setPriority(pair.incident(), "P2");
            });
    runner.settle(pair);
    runner.followed(users.both(pair, "both changes survive: "), at);
    at =
        runner.act(
            "Maya and Ben",
            "change the same field: the priority",
            () -> {
              users.agent(pair, Map.of("impact", "1", "urgency", "1"));
              runner.pagerDuty().as(DemoUsers.BEN).setPriority(pair.incident(), "P4");
            });
    runner.settle(pair);
    runner.followed(users.both(pair, "one stays, on both sides: "), at);
  }

  private ScenarioRunner.LinkedPair fromTicket() {
    runner.chapter("Meanwhile, a second incident starts from a ServiceNow ticket");
    Instant at = runner.act("Maya", "opens a ticket: results arrive late", () -> {});
    String sysId =
        runner
            .serviceNow()
            .as(SimulatedSystems.userName(DemoUsers.MAYA))
            .create(
                "incident",
                Map.of(
                    "short_description", "Laboratory: results arrive late",
                    "description", "Since 02:40, about twenty minutes late.",
                    "impact", "1",
                    "urgency", "2",
                    "cmdb_ci", runner.sandboxes().sysId(FieldState.SERVICE, LABORATORY),
                    "assignment_group", runner.sandboxes().sysId(FieldState.GROUP, "Database")));
    ScenarioRunner.LinkedPair pair = runner.incidentFor(sysId);
    PagerDutyIncident incident = runner.pagerDuty().incident(pair.incident());
    runner.followed("PagerDuty calls the database team for #" + incident.number(), at);
    issues.appears(pair, at);
    runner.settle(pair);
    issues.takeUp(pair);
    issues.comment(pair, "The interface retries each result three times.");
    runner.settle(pair);
    return pair;
  }

  private void end(ScenarioRunner.LinkedPair pair) {
    runner.chapter("Resolved, reopened, resolved, closed");
    Instant at = runner.now();
    runner.step(
        pair,
        "Ben",
        "resolves in PagerDuty",
        () -> runner.pagerDuty().as(DemoUsers.BEN).resolve(pair.incident(), "Disk cleared."),
        "ServiceNow shows Resolved, with the close code and notes it demands",
        () -> runner.ticket(pair, "state").equals("6"));
    issues.becomes(pair, "Resolved", at);
    runner.settle(pair);
    at = runner.now();
    runner.step(
        pair,
        "Maya",
        "reopens the ticket: charts fail again",
        () -> users.agent(pair, Map.of("state", "2", "work_notes", "Charts fail again.")),
        "PagerDuty's incident is open again",
        () -> runner.incident(pair).get(FieldState.STATUS).equals("acknowledged"));
    issues.becomes(pair, "In Progress", at);
    runner.settle(pair);
    resolveTicket(pair, "Moved to the standby database.");
    closeTicket(pair);
  }

  private void endSecond(ScenarioRunner.LinkedPair pair) {
    resolveTicket(pair, "The interface was restarted.");
    closeTicket(pair);
  }

  private void resolveTicket(ScenarioRunner.LinkedPair pair, String how) {
    Map<String, String> resolved =
        Map.of("state", "6", "close_code", "Solution provided", "close_notes", how);
    Instant at = runner.now();
    runner.step(
        pair,
        "Maya",
        "resolves " + runner.ticket(pair, "number") + ": " + how,
        () -> users.agent(pair, resolved),
        "PagerDuty shows it resolved, and how in a note",
        () ->
            runner.incident(pair).get(FieldState.STATUS).equals("resolved")
                && runner.carried(SystemSide.PLATFORM, pair, how));
    issues.becomes(pair, "Resolved", at);
    runner.settle(pair);
  }

  private void closeTicket(ScenarioRunner.LinkedPair pair) {
    runner.step(
        pair,
        "Maya",
        "closes " + runner.ticket(pair, "number"),
        () -> users.agent(pair, Map.of("state", "7")),
        "PagerDuty's incident stays resolved",
        () -> runner.incident(pair).get(FieldState.STATUS).equals("resolved"));
    runner.settle(pair);
  }
}
