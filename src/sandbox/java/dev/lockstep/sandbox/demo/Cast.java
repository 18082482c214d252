package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.servicenow.Person;
import java.util.Map;

/** Who acts in the outage, and what they do again and again. */
final class Cast {
  static final String MAYA = "maya@example.com";
  static final String ANA = "ana@example.com";
  static final String BEN = "ben@example.com";
  static final String EVA = "eva@example.com";

  private final Stage stage;

  Cast(Stage stage) {
    this.stage = stage;
  }

  void agentNotes(Stage.Couple couple, String text) {
    stage.step(
        couple,
        "Maya",
        "adds a work note: " + text,
        () -> stage.serviceNow().as(Sandboxes.userName(MAYA)).addWorkNote(couple.ticket(), text),
        "PagerDuty has the note",
        () -> stage.carried(Place.PLATFORM, couple, text));
  }

  void engineerNotes(Stage.Couple couple, String text) {
    stage.step(
        couple,
        "Ben",
        "adds a note: " + text,
        () -> stage.pagerDuty().as(BEN).addNote(couple.incident(), text),
        "ServiceNow has the work note",
        () -> stage.carried(Place.ITSM, couple, text));
  }

  void agent(Stage.Couple couple, Map<String, String> fields) {
    Person maya = stage.serviceNow().as(Sandboxes.userName(MAYA));
    maya.update(couple.ticket(), fields);
  }

  void engineer(Stage.Couple couple, String priority) {
    stage.pagerDuty().as(BEN).setPriority(couple.incident(), priority);
  }

  String both(Stage.Couple couple, String what) {
    return what
        + "«%s», priority %s"
            .formatted(
                stage.incident(couple).get(State.TITLE),
                stage.incident(couple).get(State.PRIORITY));
  }
}
