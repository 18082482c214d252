package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.servicenow.ServiceNowPerson;
import java.util.Map;

/** Who acts in the outage, and what they do again and again. */
final class DemoUsers {
  static final String MAYA = "maya@example.com";
  static final String ANA = "ana@example.com";
  static final String BEN = "ben@example.com";
  static final String EVA = "eva@example.com";

  private final ScenarioRunner runner;

  DemoUsers(ScenarioRunner runner) {
    this.runner = runner;
  }

  void agentNotes(ScenarioRunner.LinkedPair pair, String text) {
    runner.step(
        pair,
        "Maya",
        "adds a work note: " + text,
        () ->
            runner
                .serviceNow()
                .as(SimulatedSystems.userName(MAYA))
                .addWorkNote(pair.ticket(), text),
        "PagerDuty has the note",
        () -> runner.carried(SystemSide.PLATFORM, pair, text));
  }

  void engineerNotes(ScenarioRunner.LinkedPair pair, String text) {
    runner.step(
        pair,
        "Ben",
        "adds a note: " + text,
        () -> runner.pagerDuty().as(BEN).addNote(pair.incident(), text),
        "ServiceNow has the work note",
        () -> runner.carried(SystemSide.ITSM, pair, text));
  }

  void agent(ScenarioRunner.LinkedPair pair, Map<String, String> fields) {
    ServiceNowPerson maya = runner.serviceNow().as(SimulatedSystems.userName(MAYA));
    maya.update(pair.ticket(), fields);
  }

  void engineer(ScenarioRunner.LinkedPair pair, String priority) {
    runner.pagerDuty().as(BEN).setPriority(pair.incident(), priority);
  }

  String both(ScenarioRunner.LinkedPair pair, String what) {
    return what
        + "«%s», priority %s"
            .formatted(
                runner.incident(pair).get(FieldState.TITLE),
                runner.incident(pair).get(FieldState.PRIORITY));
  }
}
