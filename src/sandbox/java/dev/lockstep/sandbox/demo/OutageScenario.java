package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import java.time.Instant;
import java.util.Map;

/**
 * A hospital's records system fails. Maya works at the service desk, in ServiceNow; Ana and Ben are
 * on call, in PagerDuty. Everything is played in order and waited for, step by step.
 */
final class OutageScenario {
  private static final String RECORDS = "Health Records";
  private static final String LABORATORY = "Laboratory";

  static final DemoVerdict.People PEOPLE =
      new DemoVerdict.People(SimulatedSystems.userName(DemoUsers.MAYA), DemoUsers.BEN);

  private final ScenarioRunner stage;
  private final DemoUsers cast;

  OutageScenario(ScenarioRunner stage) {
    this.stage = stage;
    this.cast = new DemoUsers(stage);
  }

  /** Who and what the hospital has, in both systems under the same names. */
  static void seed(SimulatedSystems hospital) {
    hospital.agent("Maya Lind", DemoUsers.MAYA);
    hospital.person("Ana Alvarez", DemoUsers.ANA);
    hospital.person("Ben Brandt", DemoUsers.BEN);
    hospital.person("Eva Engel", DemoUsers.EVA);
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
    ScenarioRunner.Couple records = alarm();
    work(records);
    atTheSameMoment(records);
    ScenarioRunner.Couple laboratory = fromTicket();
    FaultScenario troubles = new FaultScenario(stage, cast);
    stage.underFaults(
        () -> {
          troubles.overloaded(records);
          troubles.webhooks(records);
          troubles.stopped(records, laboratory);
          troubles.killed(records, laboratory);
        });
    end(records);
    endSecond(laboratory);
  }

  private ScenarioRunner.Couple alarm() {
    stage.chapter("The records system fails");
    Instant at = stage.act("Monitoring", "raises an alert on " + RECORDS, () -> {});
    PagerDutyIncident incident =
        stage.pagerDuty().alert(RECORDS, "Health Records: no answer from the database");
    ScenarioRunner.Couple couple = stage.ticketFor(incident);
    stage.followed(
        "PagerDuty opened #%d, ServiceNow has ticket %s"
            .formatted(incident.number(), stage.ticket(couple, "number")),
        at);
    stage.settle(couple);
    stage.step(
        couple,
        "Maya",
        "raises impact and urgency to 1 - High in ServiceNow",
        () -> cast.agent(couple, Map.of("impact", "1", "urgency", "1")),
        "PagerDuty shows priority P1",
        () -> stage.incident(couple).get(FieldState.PRIORITY).equals("P1"));
    cast.agentNotes(couple, "Two wards report that charts do not open.");
    cast.agentNotes(couple, "The emergency room works on paper.");
    stage.settle(couple);
    return couple;
  }

  private void work(ScenarioRunner.Couple couple) {
    String id = couple.incident();
    stage.chapter("The engineers take over");
    stage.step(
        couple,
        "Ana",
        "acknowledges in PagerDuty",
        () -> stage.pagerDuty().as(DemoUsers.ANA).acknowledge(id),
        "ServiceNow shows In Progress",
        () -> stage.ticket(couple, "state").equals("2"));
    stage.step(
        couple,
        "Ana",
        "hands it to Ben",
        () -> stage.pagerDuty().as(DemoUsers.ANA).reassign(id, DemoUsers.BEN),
        "ServiceNow shows it assigned to Ben",
        () -> stage.ticket(couple, "assigned_to.email").equals(DemoUsers.BEN));
    stage.settle(couple);
    stage.step(
        couple,
        "Ben",
        "acknowledges",
        () -> stage.pagerDuty().as(DemoUsers.BEN).acknowledge(id),
        "ServiceNow shows In Progress",
        () -> stage.ticket(couple, "state").equals("2"));
    cast.engineerNotes(couple, "The primary database ran out of disk.");
    cast.engineerNotes(couple, "Moving old logs away.");
    String update = "Charts are back within the hour.";
    stage.step(
        couple,
        "Ben",
        "publishes a status update: " + update,
        () -> stage.pagerDuty().as(DemoUsers.BEN).statusUpdate(id, update),
        "ServiceNow has it as a work note, not shown to the caller",
        () -> stage.carried(SystemSide.ITSM, couple, update));
    stage.step(
        couple,
        "Maya",
        "puts the ticket on hold: awaiting vendor",
        () -> cast.agent(couple, Map.of("state", "3", "hold_reason", "4")),
        "PagerDuty, which knows no hold, is told in a note",
        () -> stage.carried(SystemSide.PLATFORM, couple, "On hold"));
    cast.agent(couple, Map.of("state", "2"));
    stage.settle(couple);
  }

  private void atTheSameMoment(ScenarioRunner.Couple couple) {
    stage.chapter("Both sides edit at the same moment");
    Instant at =
        stage.act(
            "Maya and Ben",
            "change different fields: the title in ServiceNow, the priority in PagerDuty",
            () -> {
              cast.agent(couple, Map.of("short_description", "Health Records: charts do not open"));
              stage.pagerDuty().as(DemoUsers.BEN).setPriority(couple.incident(), "P2");
            });
    stage.settle(couple);
    stage.followed(cast.both(couple, "both changes survive: "), at);
    at =
        stage.act(
            "Maya and Ben",
            "change the same field: the priority",
            () -> {
              cast.agent(couple, Map.of("impact", "1", "urgency", "1"));
              stage.pagerDuty().as(DemoUsers.BEN).setPriority(couple.incident(), "P4");
            });
    stage.settle(couple);
    stage.followed(cast.both(couple, "one stays, on both sides: "), at);
  }

  private ScenarioRunner.Couple fromTicket() {
    stage.chapter("Meanwhile, a second incident starts from a ServiceNow ticket");
    Instant at = stage.act("Maya", "opens a ticket: results arrive late", () -> {});
    String sysId =
        stage
            .serviceNow()
            .as(SimulatedSystems.userName(DemoUsers.MAYA))
            .create(
                "incident",
                Map.of(
                    "short_description", "Laboratory: results arrive late",
                    "description", "Since 02:40, about twenty minutes late.",
                    "impact", "1",
                    "urgency", "2",
                    "cmdb_ci", stage.sandboxes().sysId(FieldState.SERVICE, LABORATORY),
                    "assignment_group", stage.sandboxes().sysId(FieldState.GROUP, "Database")));
    ScenarioRunner.Couple couple = stage.incidentFor(sysId);
    PagerDutyIncident incident = stage.pagerDuty().incident(couple.incident());
    stage.followed("PagerDuty calls the database team for #" + incident.number(), at);
    stage.settle(couple);
    stage.step(
        couple,
        "Ben",
        "acknowledges it",
        () -> stage.pagerDuty().as(DemoUsers.BEN).acknowledge(couple.incident()),
        "ServiceNow shows In Progress",
        () -> stage.ticket(couple, "state").equals("2"));
    stage.settle(couple);
    return couple;
  }

  private void end(ScenarioRunner.Couple couple) {
    stage.chapter("Resolved, reopened, resolved, closed");
    stage.step(
        couple,
        "Ben",
        "resolves in PagerDuty",
        () -> stage.pagerDuty().as(DemoUsers.BEN).resolve(couple.incident(), "Disk cleared."),
        "ServiceNow shows Resolved, with the close code and notes it demands",
        () -> stage.ticket(couple, "state").equals("6"));
    stage.settle(couple);
    stage.step(
        couple,
        "Maya",
        "reopens the ticket: charts fail again",
        () -> cast.agent(couple, Map.of("state", "2", "work_notes", "Charts fail again.")),
        "PagerDuty's incident is open again",
        () -> stage.incident(couple).get(FieldState.STATUS).equals("acknowledged"));
    stage.settle(couple);
    resolveTicket(couple, "Moved to the standby database.");
    closeTicket(couple);
  }

  private void endSecond(ScenarioRunner.Couple couple) {
    resolveTicket(couple, "The interface was restarted.");
    closeTicket(couple);
  }

  private void resolveTicket(ScenarioRunner.Couple couple, String how) {
    Map<String, String> resolved =
        Map.of("state", "6", "close_code", "Solution provided", "close_notes", how);
    stage.step(
        couple,
        "Maya",
        "resolves " + stage.ticket(couple, "number") + ": " + how,
        () -> cast.agent(couple, resolved),
        "PagerDuty shows it resolved, and how in a note",
        () ->
            stage.incident(couple).get(FieldState.STATUS).equals("resolved")
                && stage.carried(SystemSide.PLATFORM, couple, how));
    stage.settle(couple);
  }

  private void closeTicket(ScenarioRunner.Couple couple) {
    stage.step(
        couple,
        "Maya",
        "closes " + stage.ticket(couple, "number"),
        () -> cast.agent(couple, Map.of("state", "7")),
        "PagerDuty's incident stays resolved",
        () -> stage.incident(couple).get(FieldState.STATUS).equals("resolved"));
    stage.settle(couple);
  }
}
