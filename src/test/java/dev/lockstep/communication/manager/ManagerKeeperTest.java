package dev.lockstep.communication.manager;

import static dev.lockstep.communication.manager.ManagerRig.ANN;
import static dev.lockstep.communication.manager.ManagerRig.BOB;
import static dev.lockstep.communication.manager.ManagerRig.CYD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.communication.manager.IncidentManagers.Led;
import dev.lockstep.communication.manager.IncidentManagers.State;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.incident.AssignmentStore;
import dev.lockstep.record.RecordRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proposals, escalations and notifications, as time passes and incidents change. */
class ManagerKeeperTest {
  @TempDir private static Path dir;
  private static ManagerRig rig;

  @BeforeAll
  static void start() {
    rig = new ManagerRig(dir, "propose");
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @BeforeEach
  void empty() {
    rig.empty();
  }

  private static Duration minutes(long count) {
    return Duration.ofMinutes(count);
  }

  @Test
  void proposesTheFirstFreeCandidateOnceAndAssignsNobodyByItself() {
    RecordRef p1 = rig.open("1");
    RecordRef p3 = rig.open("3");
    rig.keep();
    rig.keep();
    Led led = rig.led(p1);
    assertThat(led.state()).isEqualTo(State.MISSING);
    assertThat(led.manager()).isEmpty();
    assertThat(led.proposed()).isEqualTo(ANN);
    assertThat(led.withoutSince()).isEqualTo(rig.rig.clock.instant());
    assertThat(rig.led(p3).state()).isEqualTo(State.NONE);
    assertThat(rig.managers().list()).extracting(Led::proposed).containsExactly(ANN);
    assertThat(rig.audit(p1, "manager-proposed"))
        .containsExactly("Proposed ann@example.com as incident manager: first free candidate");
    assertThat(rig.notes(p1))
        .singleElement()
        .asString()
        .startsWith("Proposed incident manager: ann@example.com")
        .contains("./lockstep incident-manager assign");
    assertThat(mails()).containsExactly(ANN);
  }

  private static List<String> mails() {
    return rig.rig
        .engine
        .jdbc
        .sql("select recipient from message where kind = 'email' order by created_at, recipient")
        .query(String.class)
        .list();
  }

  @Test
  void aSecondIncidentGetsAnotherPersonAndAP1ComesFirstIfThereIsOne() {
    rig.rig.systems.putOnCall("MAJOR", BOB);
    RecordRef p2 = rig.open("2");
    rig.keep();
    assertThat(rig.proposed(p2)).isEqualTo(ANN);
    RecordRef p1 = rig.open("1");
    RecordRef other = rig.open("1");
    RecordRef last = rig.open("2");
    rig.keep();
    assertThat(rig.managers().list())
        .extracting(led -> led.incident().ref() + " " + led.proposed())
        .containsExactly(p1 + " " + ANN, other + " " + BOB, p2 + " " + CYD, last + " ");
    assertThat(rig.led(last).why())
        .contains("ann@example.com is needed for", "cyd@example.com is needed for");

    // Once she leads the P2, nobody takes her away from it.
    rig.assign(p2, ANN);
    rig.keep();
    assertThat(rig.managers().list())
        .extracting(led -> led.incident().ref() + " " + led.manager() + led.proposed())
        .containsExactly(p1 + " " + BOB, other + " " + CYD, p2 + " " + ANN, last + " ");
  }

  @Test
  void aManagerWhomTheRecordNamesIsTheManagerAndIsNotAskedForASecondOne() {
    RecordRef led = rig.open("2", Map.of("assignee", "Ann@Example.com"));
    RecordRef p1 = rig.open("1");
    rig.rig.systems.putOnCall("MAJOR", BOB);
    rig.keep();
    assertThat(rig.led(led).state()).isEqualTo(State.LED);
    assertThat(rig.led(led).source()).isEqualTo("record");
    assertThat(rig.proposed(p1)).isEqualTo(BOB);
    // It is resolved: she is free.
    rig.rig.edit(led, "status", "resolved");
    rig.keep();
    assertThat(rig.proposed(p1)).isEqualTo(ANN);
    assertThat(rig.led(led).state()).isEqualTo(State.NONE);
  }

  @Test
  void escalatesEachStepOnceUntilSomebodyLeadsIt() {
    RecordRef p1 = rig.open("1");
    rig.keep();
    rig.pass(minutes(4));
    assertThat(rig.rig.messages("ops")).isEmpty();
    assertThat(overdue()).isZero();
    rig.pass(minutes(1).plusSeconds(1));
    rig.keep();
    assertThat(rig.rig.messages("ops"))
        .singleElement()
        .asString()
        .matches("P1 I\\d+: no incident manager since .* UTC");
    assertThat(rig.led(p1).state()).isEqualTo(State.OVERDUE);
    assertThat(overdue()).isEqualTo(1);
    assertThat(rig.notes(p1))
        .filteredOn(note -> note.startsWith("no incident manager"))
        .singleElement()
        .asString()
        .contains("Proposed: ann@example.com (first free candidate).");
    rig.pass(minutes(10));
    rig.pass(minutes(10));
    assertThat(rig.rig.messages("ops")).hasSize(1);
    assertThat(rig.rig.messages("mail")).hasSize(1);
    assertThat(rig.audit(p1, "manager-escalated")).hasSize(2);

    rig.rig.edit(p1, "assignee", "gil@example.com");
    rig.keep();
    assertThat(rig.led(p1).state()).isEqualTo(State.LED);
    assertThat(overdue()).isZero();
    assertThat(rig.audit(p1, "manager-named")).containsExactly("gil@example.com leads it");
    // And again, if it loses its manager.
    rig.rig.edit(p1, "assignee", "");
    rig.keep();
    rig.pass(minutes(5));
    assertThat(rig.rig.messages("ops")).hasSize(2);
  }

  private static long overdue() {
    return rig.rig
        .engine
        .bean(AssignmentStore.class)
        .countWithoutSince(rig.rig.clock.instant().minus(minutes(5)));
  }

  /** Nothing is overdue at once because the settings are new. */
  @Test
  void anIncidentThatWasSeenLongAgoHasAllItsTime() {
    rig.open("1");
    rig.pass(minutes(30));
    assertThat(rig.rig.messages("ops")).isEmpty();
    rig.pass(minutes(5));
    assertThat(rig.rig.messages("ops")).hasSize(1);
  }

  @Test
  void aClashIsShownAndEscalatedAndChangesNoRecord() {
    RecordRef p2 = rig.open("2", Map.of("assignee", ANN));
    rig.keep();
    RecordRef p1 = rig.open("1", Map.of("assignee", ANN));
    rig.keep();
    rig.keep();
    assertThat(rig.led(p1).state()).isEqualTo(State.LED);
    Led later = rig.led(p2);
    assertThat(later.state()).isEqualTo(State.MISSING);
    assertThat(later.manager()).isEqualTo(ANN);
    assertThat(later.problem())
        .isEqualTo("ann@example.com also leads %s (P1), which comes first".formatted(key(p1)));
    assertThat(later.proposed()).isEqualTo(CYD);
    assertThat(rig.audit(p2, "manager-clash")).containsExactly(later.problem());
    assertThat(rig.notes(p2))
        .singleElement()
        .asString()
        .contains("./lockstep incident-manager hand-over %s --to".formatted(key(p2)));
    rig.pass(minutes(5));
    assertThat(rig.rig.messages("ops"))
        .singleElement()
        .asString()
        .contains("no incident manager of its own (ann@example.com also leads");
    assertThat(rig.rig.systems.values(p2)).containsEntry("assignee", ANN);

    rig.rig.edit(p1, "status", "resolved");
    rig.keep();
    assertThat(rig.led(p2).state()).isEqualTo(State.LED);
    assertThat(rig.led(p2).problem()).isEmpty();
  }

  private static String key(RecordRef ref) {
    return rig.led(ref).incident().key();
  }

  @Test
  void theNextCandidateIsTriedIfNobodyIsOnCallAndNotIfThatIsUnknown() {
    rig.open("1", Map.of("assignee", ANN));
    RecordRef p1 = rig.open("1");
    rig.rig.systems.failBefore(
        call -> {
          if (call.startsWith("on-call")) {
            throw new SystemUnavailableException("platform is down");
          }
        });
    rig.keep();
    assertThat(rig.proposed(p1)).isEmpty();
    assertThat(rig.led(p1).why())
        .contains("who is on call is unknown, policy MAJOR of platform: platform is down");
    rig.pass(minutes(5));
    assertThat(rig.rig.messages("ops")).as("escalated all the same").hasSize(1);
    assertThat(rig.notes(p1))
        .filteredOn(note -> note.startsWith("no incident manager"))
        .singleElement()
        .asString()
        .contains("Nobody is proposed", "platform is down");

    rig.rig.systems.failBefore(call -> {});
    rig.pass(minutes(1));
    assertThat(rig.proposed(p1)).as("nobody is on call").isEqualTo(CYD);
    rig.rig.systems.putOnCall("MAJOR", ANN, BOB);
    rig.pass(minutes(1));
    assertThat(rig.proposed(p1)).as("the first one on call leads another").isEqualTo(BOB);
  }

  @Test
  void thoseOnCallAreAskedForOnceAMinuteForAllIncidents() {
    rig.open("1", Map.of("assignee", ANN));
    rig.open("1", Map.of("assignee", CYD));
    for (int i = 0; i < 3; i++) {
      rig.open("1");
    }
    for (int i = 0; i < 10; i++) {
      rig.pass(Duration.ofSeconds(5));
    }
    assertThat(rig.rig.systems.calls("on-call platform")).isEqualTo(1);
    rig.pass(minutes(1));
    assertThat(rig.rig.systems.calls("on-call platform")).isEqualTo(2);
  }

  @Test
  void aRestartForgetsNothingAndRepeatsNothing() {
    RecordRef p1 = rig.open("1");
    rig.keep();
    RecordRef p2 = rig.open("2");
    rig.assign(p2, BOB);
    rig.pass(minutes(5));
    rig.rig.engine.stop();
    rig.rig.clock.advance(minutes(2));
    rig.rig.engine.start();
    rig.keep();
    rig.keep();
    assertThat(rig.manager(p2)).isEqualTo(BOB);
    assertThat(rig.audit(p1, "manager-proposed")).hasSize(1);
    assertThat(rig.audit(p1, "manager-escalated")).hasSize(1);
    assertThat(rig.notes(p2)).hasSize(1);
  }

  /** The job has no state but a cache: threads are as processes. */
  @Test
  void severalProcessesProposeAndEscalateOnce() throws Exception {
    List<RecordRef> incidents = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      incidents.add(rig.open("1"));
    }
    together();
    rig.rig.clock.advance(minutes(6));
    together();
    assertThat(incidents)
        .allSatisfy(
            ref -> {
              assertThat(rig.audit(ref, "manager-missing")).hasSize(1);
              assertThat(rig.audit(ref, "manager-escalated")).hasSize(1);
              assertThat(rig.audit(ref, "manager-proposed")).hasSizeLessThanOrEqualTo(1);
            });
    assertThat(incidents).extracting(rig::proposed).containsExactly(ANN, CYD, "", "");
    assertThat(rig.rig.messages("ops")).hasSize(4);
  }

  private static void together() throws Exception {
    ExecutorService processes = Executors.newFixedThreadPool(4);
    try {
      CyclicBarrier start = new CyclicBarrier(4);
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        runs.add(
            processes.submit(
                () -> {
                  start.await();
                  rig.keep();
                  return null;
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      processes.shutdownNow();
    }
  }

  @Test
  void theRecordIsToldWhoIsOnCallAtTheStartAndWhenThatChanges() {
    rig.rig.systems.putOnCall("PORTAL", BOB, CYD);
    RecordRef p1 = rig.open("1");
    RecordRef p2 = rig.open("2");
    rig.showOnCall();
    rig.showOnCall();
    assertThat(rig.notes(p1)).containsExactly("On call for Portal: bob@example.com");
    assertThat(rig.notes(p2)).as("not of its level").isEmpty();
    assertThat(rig.led(p1).onCall()).isEqualTo(BOB);

    // Who is called second is no news, and a failure says nothing.
    rig.rig.systems.putOnCall("PORTAL", BOB, ANN);
    rig.rig.clock.advance(minutes(2));
    rig.showOnCall();
    rig.rig.systems.failBefore(
        call -> {
          if (call.startsWith("on-call")) {
            throw new SystemUnavailableException("down");
          }
        });
    rig.rig.clock.advance(minutes(2));
    rig.showOnCall();
    assertThat(rig.notes(p1)).hasSize(1);

    rig.rig.systems.failBefore(call -> {});
    rig.rig.systems.putOnCall("PORTAL", ANN);
    rig.rig.clock.advance(minutes(2));
    rig.showOnCall();
    rig.rig.systems.putOnCall("PORTAL");
    rig.rig.clock.advance(minutes(2));
    rig.showOnCall();
    assertThat(rig.notes(p1))
        .containsExactly(
            "On call for Portal: bob@example.com",
            "On call for Portal: ann@example.com (before: bob@example.com)",
            "On call for Portal: nobody (before: ann@example.com)");
    assertThat(rig.audit(p1, "on-call")).hasSize(3);
  }

  /** The service has no entry in the settings: its record on the platform names what to ask. */
  @Test
  void whoIsOnCallIsAskedByAFieldOfTheRecordInThatSystem() {
    rig.rig.systems.putOnCall("Mail", CYD);
    RecordRef one = rig.open("1", Map.of("service", "Mail"));
    RecordRef other = rig.open("1", Map.of("service", "Mail"));
    rig.showOnCall();
    assertThat(rig.notes(one)).containsExactly("On call for Mail: cyd@example.com");
    assertThat(rig.notes(other)).containsExactly("On call for Mail: cyd@example.com");
    assertThat(rig.rig.systems.calls("on-call platform")).isEqualTo(1);
  }
}
