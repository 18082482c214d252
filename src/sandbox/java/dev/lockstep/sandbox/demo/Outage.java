package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.pagerduty.Incident;
import java.time.Instant;
import java.util.Map;

/**
 * A hospital's records system fails. Maya works at the service desk, in ServiceNow; Ana and Ben are
 * on call, in PagerDuty. Everything is played in order and waited for, step by step.
 */
final class Outage {
  private static final String RECORDS = "Health Records";
  private static final String LABORATORY = "Laboratory";

  static final Ending.People PEOPLE = new Ending.People(Sandboxes.userName(Cast.MAYA), Cast.BEN);

  private final Stage stage;
  private final Cast cast;

  Outage(Stage stage) {
    this.stage = stage;
    this.cast = new Cast(stage);
  }

  /** Who and what the hospital has, in both systems under the same names. */
  static void seed(Sandboxes hospital) {
    hospital.agent("Maya Lind", Cast.MAYA);
    hospital.person("Ana Alvarez", Cast.ANA);
    hospital.person("Ben Brandt", Cast.BEN);
    hospital.person("Eva Engel", Cast.EVA);
    hospital.group(Expectations.SERVICE_DESK);
    hospital.policy(Expectations.DEFAULT_POLICY, Cast.EVA);
    for (String team : new String[] {"Clinical Applications", "Database", "Network"}) {
      hospital.group(team);
    }
    hospital.policy("Clinical Applications", Cast.ANA, Cast.BEN);
    hospital.policy("Database", Cast.BEN, Cast.EVA);
    hospital.policy("Network", Cast.EVA);
    hospital.item(Expectations.DEFAULT_SERVICE);
    hospital.item(RECORDS);
    hospital.item(LABORATORY);
    hospital.service(Expectations.DEFAULT_SERVICE, Expectations.DEFAULT_POLICY);
    hospital.service(RECORDS, "Clinical Applications");
    hospital.service(LABORATORY, "Database");
  }

  /**
   * @throws Unmet when the other side did not follow in time
   */
  void play() {
    Stage.Couple records = alarm();
    work(records);
    atTheSameMoment(records);
    Stage.Couple laboratory = fromTicket();
    Troubles troubles = new Troubles(stage, cast);
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

  private Stage.Couple alarm() {
    stage.chapter("The records system fails");
    Instant at = stage.act("Monitoring", "raises an alert on " + RECORDS, () -> {});
    Incident incident =
        stage.pagerDuty().alert(RECORDS, "Health Records: no answer from the database");
    Stage.Couple couple = stage.ticketFor(incident);
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
        () -> stage.incident(couple).get(State.PRIORITY).equals("P1"));
    cast.agentNotes(couple, "Two wards report that charts do not open.");
    cast.agentNotes(couple, "The emergency room works on paper.");
    stage.settle(couple);
    return couple;
  }

  private void work(Stage.Couple couple) {
    String id = couple.incident();
    stage.chapter("The engineers take over");
    stage.step(
        couple,
        "Ana",
        "acknowledges in PagerDuty",
        () -> stage.pagerDuty().as(Cast.ANA).acknowledge(id),
        "ServiceNow shows In Progress",
        () -> stage.ticket(couple, "state").equals("2"));
    stage.step(
        couple,
        "Ana",
        "hands it to Ben",
        () -> stage.pagerDuty().as(Cast.ANA).reassign(id, Cast.BEN),
        "ServiceNow shows it assigned to Ben",
        () -> stage.ticket(couple, "assigned_to.email").equals(Cast.BEN));
    stage.settle(couple);
    stage.step(
        couple,
        "Ben",
        "acknowledges",
        () -> stage.pagerDuty().as(Cast.BEN).acknowledge(id),
        "ServiceNow shows In Progress",
        () -> stage.ticket(couple, "state").equals("2"));
    cast.engineerNotes(couple, "The primary database ran out of disk.");
    cast.engineerNotes(couple, "Moving old logs away.");
    String update = "Charts are back within the hour.";
    stage.step(
        couple,
        "Ben",
        "publishes a status update: " + update,
        () -> stage.pagerDuty().as(Cast.BEN).statusUpdate(id, update),
        "ServiceNow has it as a work note, not shown to the caller",
        () -> stage.carried(Place.ITSM, couple, update));
    stage.step(
        couple,
        "Maya",
        "puts the ticket on hold: awaiting vendor",
        () -> cast.agent(couple, Map.of("state", "3", "hold_reason", "4")),
        "PagerDuty, which knows no hold, is told in a note",
        () -> stage.carried(Place.PLATFORM, couple, "On hold"));
    cast.agent(couple, Map.of("state", "2"));
    stage.settle(couple);
  }

  private void atTheSameMoment(Stage.Couple couple) {
    stage.chapter("Both sides edit at the same moment");
    Instant at =
        stage.act(
            "Maya and Ben",
            "change different fields: the title in ServiceNow, the priority in PagerDuty",
            () -> {
              cast.agent(couple, Map.of("short_description", "Health Records: charts do not open"));
              stage.pagerDuty().as(Cast.BEN).setPriority(couple.incident(), "P2");
            });
    stage.settle(couple);
    stage.followed(cast.both(couple, "both changes survive: "), at);
    at =
        stage.act(
            "Maya and Ben",
            "change the same field: the priority",
            () -> {
              cast.agent(couple, Map.of("impact", "1", "urgency", "1"));
              stage.pagerDuty().as(Cast.BEN).setPriority(couple.incident(), "P4");
            });
    stage.settle(couple);
    stage.followed(cast.both(couple, "one stays, on both sides: "), at);
  }

  private Stage.Couple fromTicket() {
    stage.chapter("Meanwhile, a second incident starts from a ServiceNow ticket");
    Instant at = stage.act("Maya", "opens a ticket: results arrive late", () -> {});
    String sysId =
        stage
            .serviceNow()
            .as(Sandboxes.userName(Cast.MAYA))
            .create(
                "incident",
                Map.of(
                    "short_description", "Laboratory: results arrive late",
                    "description", "Since 02:40, about twenty minutes late.",
                    "impact", "1",
                    "urgency", "2",
                    "cmdb_ci", stage.sandboxes().sysId(State.SERVICE, LABORATORY),
                    "assignment_group", stage.sandboxes().sysId(State.GROUP, "Database")));
    Stage.Couple couple = stage.incidentFor(sysId);
    Incident incident = stage.pagerDuty().incident(couple.incident());
    stage.followed("PagerDuty calls the database team for #" + incident.number(), at);
    stage.settle(couple);
    stage.step(
        couple,
        "Ben",
        "acknowledges it",
        () -> stage.pagerDuty().as(Cast.BEN).acknowledge(couple.incident()),
        "ServiceNow shows In Progress",
        () -> stage.ticket(couple, "state").equals("2"));
    stage.settle(couple);
    return couple;
  }

  private void end(Stage.Couple couple) {
    stage.chapter("Resolved, reopened, resolved, closed");
    stage.step(
        couple,
        "Ben",
        "resolves in PagerDuty",
        () -> stage.pagerDuty().as(Cast.BEN).resolve(couple.incident(), "Disk cleared."),
        "ServiceNow shows Resolved, with the close code and notes it demands",
        () -> stage.ticket(couple, "state").equals("6"));
    stage.settle(couple);
    stage.step(
        couple,
        "Maya",
        "reopens the ticket: charts fail again",
        () -> cast.agent(couple, Map.of("state", "2", "work_notes", "Charts fail again.")),
        "PagerDuty's incident is open again",
        () -> stage.incident(couple).get(State.STATUS).equals("acknowledged"));
    stage.settle(couple);
    resolveTicket(couple, "Moved to the standby database.");
    closeTicket(couple);
  }

  private void endSecond(Stage.Couple couple) {
    resolveTicket(couple, "The interface was restarted.");
    closeTicket(couple);
  }

  private void resolveTicket(Stage.Couple couple, String how) {
    Map<String, String> resolved =
        Map.of("state", "6", "close_code", "Solution provided", "close_notes", how);
    stage.step(
        couple,
        "Maya",
        "resolves " + stage.ticket(couple, "number") + ": " + how,
        () -> cast.agent(couple, resolved),
        "PagerDuty shows it resolved, and how in a note",
        () ->
            stage.incident(couple).get(State.STATUS).equals("resolved")
                && stage.carried(Place.PLATFORM, couple, how));
    stage.settle(couple);
  }

  private void closeTicket(Stage.Couple couple) {
    stage.step(
        couple,
        "Maya",
        "closes " + stage.ticket(couple, "number"),
        () -> cast.agent(couple, Map.of("state", "7")),
        "PagerDuty's incident stays resolved",
        () -> stage.incident(couple).get(State.STATUS).equals("resolved"));
    stage.settle(couple);
  }
}
