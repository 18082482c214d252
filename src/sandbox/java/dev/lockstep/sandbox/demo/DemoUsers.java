package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.servicenow.ServiceNowPerson;
import java.util.Map;

/** Who acts in the outage, and what they do again and again. */
final class DemoUsers {
  static final String MAYA = "maya@example.com";
  static final String ANA = "ana@example.com";
  static final String BEN = "ben@example.com";
  static final String EVA = "eva@example.com";

  private final ScenarioRunner stage;

  DemoUsers(ScenarioRunner stage) {
    this.stage = stage;
  }

  void agentNotes(ScenarioRunner.Couple couple, String text) {
    stage.step(
        couple,
        "Maya",
        "adds a work note: " + text,
        () ->
            stage
                .serviceNow()
                .as(SimulatedSystems.userName(MAYA))
                .addWorkNote(couple.ticket(), text),
        "PagerDuty has the note",
        () -> stage.carried(SystemSide.PLATFORM, couple, text));
  }

  void engineerNotes(ScenarioRunner.Couple couple, String text) {
    stage.step(
        couple,
        "Ben",
        "adds a note: " + text,
        () -> stage.pagerDuty().as(BEN).addNote(couple.incident(), text),
        "ServiceNow has the work note",
        () -> stage.carried(SystemSide.ITSM, couple, text));
  }

  void agent(ScenarioRunner.Couple couple, Map<String, String> fields) {
    ServiceNowPerson maya = stage.serviceNow().as(SimulatedSystems.userName(MAYA));
    maya.update(couple.ticket(), fields);
  }

  void engineer(ScenarioRunner.Couple couple, String priority) {
    stage.pagerDuty().as(BEN).setPriority(couple.incident(), priority);
  }

  String both(ScenarioRunner.Couple couple, String what) {
    return what
        + "«%s», priority %s"
            .formatted(
                stage.incident(couple).get(FieldState.TITLE),
                stage.incident(couple).get(FieldState.PRIORITY));
  }
}
