package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.http.Faults;
import java.time.Instant;
import java.util.Map;

/** What goes wrong meanwhile: systems that refuse, webhooks that stray, a Lockstep that is gone. */
final class FaultScenario {
  private final ScenarioRunner stage;
  private final DemoUsers cast;

  FaultScenario(ScenarioRunner stage, DemoUsers cast) {
    this.stage = stage;
    this.cast = cast;
  }

  void overloaded(ScenarioRunner.Couple couple) {
    stage.chapter("ServiceNow is overloaded, then away");
    Faults faults = stage.serviceNow().faults();
    faults.next(2, Faults.Kind.TOO_MANY_REQUESTS, ScenarioRunner.API);
    faults.next(2, Faults.Kind.SERVICE_UNAVAILABLE, ScenarioRunner.API);
    stage.remark("the next calls are answered 429, then 503");
    cast.engineerNotes(couple, "Disk is at 60 percent, replaying the queue.");
    stage.settle(couple);
  }

  void webhooks(ScenarioRunner.Couple couple) {
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
      stage.pagerDuty().faults().next(1, kind, ScenarioRunner.WEBHOOK);
      stage.remark("PagerDuty's next webhook " + what);
      // The first two webhooks after the fault was planned are the priority's and the note's.
      cast.engineer(couple, kind == Faults.Kind.WEBHOOK_TWICE ? "P3" : "P2");
      cast.engineerNotes(couple, "Checked after a webhook that " + what + ".");
      stage.settle(couple);
      stage.serviceNow().faults().next(1, kind, ScenarioRunner.WEBHOOK);
      stage.remark("ServiceNow's next webhook " + what);
      cast.agent(couple, Map.of("urgency", kind == Faults.Kind.WEBHOOK_TWICE ? "2" : "3"));
      cast.agentNotes(couple, "Asked the wards after a message that " + what + ".");
      stage.settle(couple);
    }
  }

  void stopped(ScenarioRunner.Couple first, ScenarioRunner.Couple second) {
    stage.chapter("Lockstep is stopped, work goes on, Lockstep is started");
    stage.stop();
    stage.act(
        "Maya and Ben",
        "change title and priority, each on their own side",
        () -> {
          cast.agent(
              first, Map.of("impact", "1", "urgency", "2", "short_description", "Charts: slow"));
          cast.engineer(first, "P4");
          stage.pagerDuty().as(DemoUsers.BEN).setTitle(first.incident(), "Health Records: slow");
          stage
              .pagerDuty()
              .as(DemoUsers.BEN)
              .addNote(first.incident(), "Written while Lockstep was down.");
          stage
              .serviceNow()
              .as(SimulatedSystems.userName(DemoUsers.MAYA))
              .addWorkNote(second.ticket(), "Laboratory called, written while Lockstep was down.");
        });
    stage.startAgain();
    Instant at = stage.act("Lockstep", "catches up", () -> {});
    stage.settle(first);
    stage.settle(second);
    stage.followed(cast.both(first, "both sides agree, what gave way is kept in notes: "), at);
  }

  void killed(ScenarioRunner.Couple first, ScenarioRunner.Couple second) {
    stage.chapter("Lockstep is killed in the middle of its work");
    stage.act(
        "Ben and Maya",
        "write a note each",
        () -> {
          stage.pagerDuty().as(DemoUsers.BEN).addNote(first.incident(), "Index rebuilt.");
          cast.agent(
              second, Map.of("urgency", "1", "work_notes", "Half of the results are there."));
        });
    stage.kill();
    stage.startAgain();
    Instant at = stage.act("Lockstep", "catches up", () -> {});
    stage.settle(first);
    stage.settle(second);
    stage.followed("nothing is lost and nothing is doubled", at);
  }
}
