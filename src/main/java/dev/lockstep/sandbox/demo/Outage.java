package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.Faults;
import dev.lockstep.sandbox.pagerduty.Incident;
import dev.lockstep.sandbox.servicenow.Person;
import java.time.Instant;
import java.util.Map;

/**
 * A hospital's records system fails. Maya works at the service desk, in ServiceNow; Ana and Ben are
 * on call, in PagerDuty. Everything is played in order and waited for, step by step.
 */
final class Outage {
  private static final String MAYA = "maya@example.com";
  private static final String ANA = "ana@example.com";
  private static final String BEN = "ben@example.com";
  private static final String EVA = "eva@example.com";
  private static final String RECORDS = "Health Records";
  private static final String LABORATORY = "Laboratory";

  private final Stage stage;

  Outage(Stage stage) {
    this.stage = stage;
  }

  /** Who and what the hospital has, in both systems under the same names. */
  static void seed(Sandboxes hospital) {
    hospital.agent("Maya Lind", MAYA);
    hospital.person("Ana Alvarez", ANA);
    hospital.person("Ben Brandt", BEN);
    hospital.person("Eva Engel", EVA);
    hospital.group(Expectations.SERVICE_DESK);
    hospital.policy(Expectations.DEFAULT_POLICY, EVA);
    for (String team : new String[] {"Clinical Applications", "Database", "Network"}) {
      hospital.group(team);
    }
    hospital.policy("Clinical Applications", ANA, BEN);
    hospital.policy("Database", BEN, EVA);
    hospital.policy("Network", EVA);
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
    troubledServiceNow(records);
    troubledWebhooks(records);
    stopped(records, laboratory);
    killed(records, laboratory);
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
        () -> agent(couple, Map.of("impact", "1", "urgency", "1")),
        "PagerDuty shows priority P1",
        () -> stage.incident(couple).get(State.PRIORITY).equals("P1"));
    agentNotes(couple, "Two wards report that charts do not open.");
    agentNotes(couple, "The emergency room works on paper.");
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
        () -> stage.pagerDuty().as(ANA).acknowledge(id),
        "ServiceNow shows In Progress",
        () -> stage.ticket(couple, "state").equals("2"));
    stage.step(
        couple,
        "Ana",
        "hands it to Ben",
        () -> stage.pagerDuty().as(ANA).reassign(id, BEN),
        "ServiceNow shows it assigned to Ben",
        () -> stage.ticket(couple, "assigned_to.email").equals(BEN));
    stage.settle(couple);
    stage.step(
        couple,
        "Ben",
        "acknowledges",
        () -> stage.pagerDuty().as(BEN).acknowledge(id),
        "ServiceNow shows In Progress",
        () -> stage.ticket(couple, "state").equals("2"));
    engineerNotes(couple, "The primary database ran out of disk.");
    engineerNotes(couple, "Moving old logs away.");
    String update = "Charts are back within the hour.";
    stage.step(
        couple,
        "Ben",
        "publishes a status update: " + update,
        () -> stage.pagerDuty().as(BEN).statusUpdate(id, update),
        "ServiceNow has it as a work note, not shown to the caller",
        () -> stage.carried(Place.ITSM, couple, update));
    stage.step(
        couple,
        "Maya",
        "puts the ticket on hold: awaiting vendor",
        () -> agent(couple, Map.of("state", "3", "hold_reason", "4")),
        "PagerDuty, which knows no hold, is told in a note",
        () -> stage.carried(Place.PLATFORM, couple, "On hold"));
    agent(couple, Map.of("state", "2"));
    stage.settle(couple);
  }

  private void atTheSameMoment(Stage.Couple couple) {
    stage.chapter("Both sides edit at the same moment");
    Instant at =
        stage.act(
            "Maya and Ben",
            "change different fields: the title in ServiceNow, the priority in PagerDuty",
            () -> {
              agent(couple, Map.of("short_description", "Health Records: charts do not open"));
              stage.pagerDuty().as(BEN).setPriority(couple.incident(), "P2");
            });
    stage.settle(couple);
    stage.followed(both(couple, "both changes survive: "), at);
    at =
        stage.act(
            "Maya and Ben",
            "change the same field: the priority",
            () -> {
              agent(couple, Map.of("impact", "1", "urgency", "1"));
              stage.pagerDuty().as(BEN).setPriority(couple.incident(), "P4");
            });
    stage.settle(couple);
    stage.followed(both(couple, "one stays, on both sides: "), at);
  }

  private Stage.Couple fromTicket() {
    stage.chapter("Meanwhile, a second incident starts from a ServiceNow ticket");
    Instant at = stage.act("Maya", "opens a ticket: results arrive late", () -> {});
    String sysId =
        stage
            .serviceNow()
            .as(Sandboxes.userName(MAYA))
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
        () -> stage.pagerDuty().as(BEN).acknowledge(couple.incident()),
        "ServiceNow shows In Progress",
        () -> stage.ticket(couple, "state").equals("2"));
    stage.settle(couple);
    return couple;
  }

  private void troubledServiceNow(Stage.Couple couple) {
    stage.chapter("ServiceNow is overloaded, then away");
    Faults faults = stage.serviceNow().faults();
    faults.next(2, Faults.Kind.TOO_MANY_REQUESTS, Stage.API);
    faults.next(2, Faults.Kind.SERVICE_UNAVAILABLE, Stage.API);
    stage.remark("the next calls are answered 429, then 503");
    engineerNotes(couple, "Disk is at 60 percent, replaying the queue.");
    stage.settle(couple);
  }

  private void troubledWebhooks(Stage.Couple couple) {
    stage.chapter("Webhooks are lost, doubled and out of order");
    for (Faults.Kind kind :
        new Faults.Kind[] {
          Faults.Kind.WEBHOOK_LOST, Faults.Kind.WEBHOOK_TWICE, Faults.Kind.WEBHOOK_REORDERED
        }) {
      String what =
          switch (kind) {
            case WEBHOOK_LOST -> "is lost";
            case WEBHOOK_TWICE -> "comes twice";
            default -> "comes after the next one";
          };
      stage.pagerDuty().faults().next(1, kind, Stage.WEBHOOK);
      stage.remark("PagerDuty's next webhook " + what);
      engineer(couple, kind == Faults.Kind.WEBHOOK_TWICE ? "P3" : "P1");
      engineerNotes(couple, "Checked after a webhook that " + what + ".");
      stage.settle(couple);
      stage.serviceNow().faults().next(1, kind, Stage.WEBHOOK);
      stage.remark("ServiceNow's next webhook " + what);
      agent(couple, Map.of("urgency", kind == Faults.Kind.WEBHOOK_TWICE ? "2" : "3"));
      agentNotes(couple, "Asked the wards after a message that " + what + ".");
      stage.settle(couple);
    }
  }

  private void stopped(Stage.Couple first, Stage.Couple second) {
    stage.chapter("Lockstep is stopped, work goes on, Lockstep is started");
    stage.stop();
    stage.act(
        "Maya and Ben",
        "change title and priority, each on their own side",
        () -> {
          agent(first, Map.of("impact", "1", "urgency", "2", "short_description", "Charts: slow"));
          engineer(first, "P4");
          stage.pagerDuty().as(BEN).setTitle(first.incident(), "Health Records: slow");
          stage.pagerDuty().as(BEN).addNote(first.incident(), "Written while Lockstep was down.");
          stage
              .serviceNow()
              .as(Sandboxes.userName(MAYA))
              .addWorkNote(second.ticket(), "Laboratory called, written while Lockstep was down.");
        });
    stage.startAgain();
    Instant at = stage.act("Lockstep", "catches up", () -> {});
    stage.settle(first);
    stage.settle(second);
    stage.followed(both(first, "both sides agree, what gave way is kept in notes: "), at);
  }

  private void killed(Stage.Couple first, Stage.Couple second) {
    stage.chapter("Lockstep is killed in the middle of its work");
    stage.act(
        "Ben and Maya",
        "write a note each",
        () -> {
          stage.pagerDuty().as(BEN).addNote(first.incident(), "Index rebuilt.");
          agent(second, Map.of("urgency", "1", "work_notes", "Half of the results are there."));
        });
    stage.kill();
    stage.startAgain();
    Instant at = stage.act("Lockstep", "catches up", () -> {});
    stage.settle(first);
    stage.settle(second);
    stage.followed("nothing is lost and nothing is doubled", at);
  }

  private void end(Stage.Couple couple) {
    stage.chapter("Resolved, reopened, resolved, closed");
    stage.step(
        couple,
        "Ben",
        "resolves in PagerDuty",
        () -> stage.pagerDuty().as(BEN).resolve(couple.incident(), "Disk cleared."),
        "ServiceNow shows Resolved, with the close code and notes it demands",
        () -> stage.ticket(couple, "state").equals("6"));
    stage.settle(couple);
    stage.step(
        couple,
        "Maya",
        "reopens the ticket: charts fail again",
        () -> agent(couple, Map.of("state", "2", "work_notes", "Charts fail again.")),
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
        () -> agent(couple, resolved),
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
        () -> agent(couple, Map.of("state", "7")),
        "PagerDuty's incident stays resolved",
        () -> stage.incident(couple).get(State.STATUS).equals("resolved"));
    stage.settle(couple);
  }

  private void agentNotes(Stage.Couple couple, String text) {
    stage.step(
        couple,
        "Maya",
        "adds a work note: " + text,
        () -> stage.serviceNow().as(Sandboxes.userName(MAYA)).addWorkNote(couple.ticket(), text),
        "PagerDuty has the note",
        () -> stage.carried(Place.PLATFORM, couple, text));
  }

  private void engineerNotes(Stage.Couple couple, String text) {
    stage.step(
        couple,
        "Ben",
        "adds a note: " + text,
        () -> stage.pagerDuty().as(BEN).addNote(couple.incident(), text),
        "ServiceNow has the work note",
        () -> stage.carried(Place.ITSM, couple, text));
  }

  private void agent(Stage.Couple couple, Map<String, String> fields) {
    Person maya = stage.serviceNow().as(Sandboxes.userName(MAYA));
    maya.update(couple.ticket(), fields);
  }

  private void engineer(Stage.Couple couple, String priority) {
    stage.pagerDuty().as(BEN).setPriority(couple.incident(), priority);
  }

  private String both(Stage.Couple couple, String what) {
    return what
        + "«%s», priority %s"
            .formatted(
                stage.incident(couple).get(State.TITLE),
                stage.incident(couple).get(State.PRIORITY));
  }
}
