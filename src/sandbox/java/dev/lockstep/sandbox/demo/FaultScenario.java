package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.http.Faults;
import java.time.Instant;
import java.util.Map;

/** What goes wrong meanwhile: systems that refuse, webhooks that stray, a Lockstep that is gone. */
final class FaultScenario {
  private final ScenarioRunner runner;
  private final DemoUsers users;

  FaultScenario(ScenarioRunner runner, DemoUsers users) {
    this.runner = runner;
    this.users = users;
  }

  void overloaded(ScenarioRunner.LinkedPair pair) {
    runner.chapter("ServiceNow is overloaded, then away");
    Faults faults = runner.serviceNow().faults();
    faults.next(2, Faults.Kind.TOO_MANY_REQUESTS, ScenarioRunner.API);
    faults.next(2, Faults.Kind.SERVICE_UNAVAILABLE, ScenarioRunner.API);
    runner.remark("the next calls are answered 429, then 503");
    users.engineerNotes(pair, "Disk is at 60 percent, replaying the queue.");
    runner.settle(pair);
  }

  void webhooks(ScenarioRunner.LinkedPair pair) {
    runner.chapter("Webhooks are lost, doubled and out of order");
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
      runner.pagerDuty().faults().next(1, kind, ScenarioRunner.WEBHOOK);
      runner.remark("PagerDuty's next webhook " + what);
      // The first two webhooks after the fault was planned are the priority's and the note's.
      users.engineer(pair, kind == Faults.Kind.WEBHOOK_TWICE ? "P3" : "P2");
      users.engineerNotes(pair, "Checked after a webhook that " + what + ".");
      runner.settle(pair);
      runner.serviceNow().faults().next(1, kind, ScenarioRunner.WEBHOOK);
      runner.remark("ServiceNow's next webhook " + what);
      users.agent(pair, Map.of("urgency", kind == Faults.Kind.WEBHOOK_TWICE ? "2" : "3"));
      users.agentNotes(pair, "Asked the wards after a message that " + what + ".");
      runner.settle(pair);
    }
  }

  void stopped(ScenarioRunner.LinkedPair first, ScenarioRunner.LinkedPair second) {
    runner.chapter("Lockstep is stopped, work goes on, Lockstep is started");
    runner.stop();
    runner.act(
        "Maya and Ben",
        "change title and priority, each on their own side",
        () -> {
          users.agent(
              first, Map.of("impact", "1", "urgency", "2", "short_description", "Charts: slow"));
          users.engineer(first, "P4");
          runner.pagerDuty().as(DemoUsers.BEN).setTitle(first.incident(), "Health Records: slow");
          runner
              .pagerDuty()
              .as(DemoUsers.BEN)
              .addNote(first.incident(), "Written while Lockstep was down.");
          runner
              .serviceNow()
              .as(SimulatedSystems.userName(DemoUsers.MAYA))
              .addWorkNote(second.ticket(), "Laboratory called, written while Lockstep was down.");
        });
    runner.startAgain();
    Instant at = runner.act("Lockstep", "catches up", () -> {});
    runner.settle(first);
    runner.settle(second);
    runner.followed(users.both(first, "both sides agree, what gave way is kept in notes: "), at);
  }

  void killed(ScenarioRunner.LinkedPair first, ScenarioRunner.LinkedPair second) {
    runner.chapter("Lockstep is killed in the middle of its work");
    runner.act(
        "Ben and Maya",
        "write a note each",
        () -> {
          runner.pagerDuty().as(DemoUsers.BEN).addNote(first.incident(), "Index rebuilt.");
          users.agent(
              second, Map.of("urgency", "1", "work_notes", "Half of the results are there."));
        });
    runner.kill();
    runner.startAgain();
    Instant at = runner.act("Lockstep", "catches up", () -> {});
    runner.settle(first);
    runner.settle(second);
    runner.followed("nothing is lost and nothing is doubled", at);
  }
}
