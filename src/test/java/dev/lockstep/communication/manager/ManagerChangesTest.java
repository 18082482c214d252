package dev.lockstep.communication.manager;

import static dev.lockstep.communication.manager.ManagerRig.ANN;
import static dev.lockstep.communication.manager.ManagerRig.BOB;
import static dev.lockstep.communication.manager.ManagerRig.CYD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.communication.Communications;
import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.communication.manager.IncidentManagers.Change;
import dev.lockstep.communication.manager.IncidentManagers.Led;
import dev.lockstep.communication.manager.IncidentManagers.State;
import dev.lockstep.record.RecordRef;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Assignments, handovers and releases: each once, one incident per person, and all are notified.
 */
class ManagerChangesTest {
  @TempDir private static Path dir;
  private static ManagerRig rig;

  @BeforeAll
  static void start() {
    rig = new ManagerRig(dir, "automatic");
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @BeforeEach
  void empty() {
    rig.empty();
  }

  private static ManagerRequest released() {
    return new ManagerRequest("", null, "ill", "", UUID.randomUUID().toString(), "dee");
  }

  private static String key(RecordRef ref) {
    return rig.led(ref).incident().key();
  }

  @Test
  void anAssignedManagerIsToldOnTheRecordByEmailAndInTheAudit() throws Exception {
    RecordRef p1 = rig.open("1");
    Led before = rig.led(p1);
    assertThat(before.state()).isEqualTo(State.MISSING);
    Change change =
        rig.managers()
            .assign(
                p1.toString(),
                new ManagerRequest(" bob@example.com\n", "", "knows it", "", "k", "dee"))
            .change();
    assertThat(change.kind()).isEqualTo("assigned");
    assertThat(change.to()).isEqualTo(BOB);
    assertThat(rig.notes(p1))
        .containsExactly(
            "Incident manager: bob@example.com is the incident manager, by dee.\nReason: knows it");
    MimeMessage[] mails = rig.mail.getReceivedMessages();
    assertThat(mails).hasSize(1);
    assertThat(mails[0].getAllRecipients()[0]).hasToString(BOB);
    assertThat(mails[0].getSubject())
        .isEqualTo("P1 %s: bob@example.com is the incident manager".formatted(key(p1)));
    AuditEntry entry = rig.rig.audit(p1, "manager-assigned").get(0).entry();
    assertThat(entry.actor()).isEqualTo("dee");
    assertThat(entry.details())
        .containsEntry("itsm (internal)", "sent")
        .containsEntry(BOB, "sent")
        .containsEntry("reason", "knows it");
    Led led = rig.led(p1);
    assertThat(led.source()).isEqualTo("lockstep");
    assertThat(led.assignedBy()).isEqualTo("dee");
    assertThat(led.assignedAt()).isEqualTo(rig.rig.clock.instant());
    assertThat(rig.rig.systems.values(p1)).as("its record").containsEntry("assignee", "");
  }

  /** What is sent to the manager, and what drafts say, follows the assignment. */
  @Test
  void updatesGoToTheManagerWhoIsAssigned() {
    RecordRef p1 = rig.open("1");
    rig.assign(p1, BOB);
    Communications communications = rig.rig.engine.bean(Communications.class);
    assertThat(communications.show(p1.toString()).incident().manager()).isEqualTo(BOB);
    rig.keepUpdates(Duration.ZERO);
    rig.keepUpdates(Duration.ofMinutes(10));
    assertThat(rig.rig.audit(p1, "reminded").get(0).entry().details())
        .containsEntry("manager", "sent");
    assertThat(
            rig.rig
                .engine
                .jdbc
                .sql("select recipient from message where title like 'Update for Executives%'")
                .query(String.class)
                .list())
        .contains(BOB);
  }

  @Test
  void aPersonLeadsOneIncidentAtATime() {
    RecordRef p2 = rig.open("2");
    RecordRef p1 = rig.open("1");
    RecordRef p3 = rig.open("3");
    rig.assign(p2, ANN);
    assertThatThrownBy(() -> rig.assign(p1, "Ann@Example.com"))
        .isInstanceOf(RefusedUpdateException.class)
        .hasMessage(
            "Ann@Example.com leads %s (P2); hand that over first, or choose somebody else."
                .formatted(key(p2)));
    assertThatThrownBy(() -> rig.assign(p2, BOB))
        .hasMessage("ann@example.com leads %s; hand it over instead.".formatted(key(p2)));
    assertThatThrownBy(() -> rig.assign(p3, BOB))
        .hasMessageEndingWith(
            "needs no incident manager: its level is unknown, and those of P1, P2 do.");
    assertThatThrownBy(() -> rig.assign(p1, " "))
        .hasMessage("to: missing; write an e-mail address");
    assertThatThrownBy(() -> rig.handOver(p1, BOB, ""))
        .hasMessage("Nobody leads %s; assign somebody instead.".formatted(key(p1)));
    RecordRef named = rig.open("1", Map.of("assignee", CYD));
    assertThatThrownBy(() -> rig.assign(p1, CYD)).hasMessageContaining(key(named) + " (P1)");
    assertThat(rig.manager(p1)).isEmpty();

    rig.rig.edit(p2, "status", "resolved");
    rig.assign(p1, ANN);
    assertThat(rig.manager(p1)).isEqualTo(ANN);
    assertThatThrownBy(() -> rig.handOver(p2, BOB, "")).hasMessageContaining("is over");
  }

  @Test
  void ofTwoAssignmentsAtOnceOneIsRefused() throws Exception {
    List<RecordRef> incidents = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      incidents.add(rig.open("1"));
    }
    ExecutorService clicks = Executors.newFixedThreadPool(8);
    int refused = 0;
    try {
      CyclicBarrier start = new CyclicBarrier(8);
      List<Future<?>> made = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        RecordRef incident = incidents.get(i % 4);
        made.add(
            clicks.submit(
                () -> {
                  start.await();
                  return rig.assign(incident, ANN);
                }));
      }
      for (Future<?> one : made) {
        try {
          one.get();
        } catch (ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(RefusedUpdateException.class);
          refused++;
        }
      }
    } finally {
      clicks.shutdownNow();
    }
    assertThat(refused).isEqualTo(7);
    assertThat(incidents).extracting(rig::manager).containsOnlyOnce(ANN);
  }

  @Test
  void aRepeatedRequestChangesNothing() {
    RecordRef p1 = rig.open("1");
    ManagerRequest request = new ManagerRequest(ANN, null, "", "", "same", "dee");
    assertThat(rig.managers().assign(p1.toString(), request).repeated()).isFalse();
    assertThat(rig.managers().assign(p1.toString(), request).repeated()).isTrue();
    ManagerRequest other = new ManagerRequest(BOB, null, "", "", "same", "dee");
    assertThatThrownBy(() -> rig.managers().assign(p1.toString(), other))
        .hasMessageStartingWith("key: another change was made with it");
    assertThat(rig.notes(p1)).hasSize(1);
    assertThat(rig.managers().show(p1.toString()).changes()).hasSize(1);
    assertThatThrownBy(() -> new ManagerRequest(BOB, null, "", "", "a b", "dee"))
        .hasMessageStartingWith("key:");
  }

  @Test
  void aHandoverIsRecordedWithTheOpenPoints() {
    RecordRef p1 = rig.open("1");
    rig.assign(p1, ANN);
    rig.keepUpdates(Duration.ZERO);
    rig.rig.clock.advance(Duration.ofMinutes(20));
    String draft = rig.managers().draft(p1.toString()).openPoints();
    assertThat(draft)
        .contains("- Update for Executives is overdue since ", "- Update for Customers is due at ");
    Change change = rig.handOver(p1, BOB, "end of shift").change();
    assertThat(change.kind()).isEqualTo("handed over");
    assertThat(change.from()).isEqualTo(ANN);
    assertThat(change.at()).isEqualTo(rig.rig.clock.instant());
    assertThat(change.openPoints()).isEqualTo(draft);
    assertThat(rig.manager(p1)).isEqualTo(BOB);
    assertThat(rig.notes(p1))
        .last()
        .asString()
        .startsWith(
            "Incident manager: bob@example.com is the incident manager instead of ann@example.com,"
                + " by dee.\nReason: end of shift\n\nOpen points:\n- Update for Executives is");
    assertThat(rig.mail.getReceivedMessages()).as("one assignment, and both").hasSize(3);
    assertThat(rig.audit(p1, "manager-handed-over")).hasSize(1);

    ManagerRequest edited = new ManagerRequest(CYD, BOB, "", "Call the vendor", "k", "dee");
    assertThat(rig.managers().handOver(p1.toString(), edited).change().openPoints())
        .isEqualTo("Call the vendor");
    assertThatThrownBy(
            () ->
                rig.managers()
                    .handOver(p1.toString(), new ManagerRequest(ANN, BOB, "", "", "k2", "dee")))
        .as("somebody was faster")
        .hasMessage("Nothing was changed: cyd@example.com leads %s now.".formatted(key(p1)));
    assertThat(rig.managers().show(p1.toString()).changes())
        .extracting(Change::to)
        .containsExactly(CYD, BOB, ANN);
  }

  @Test
  void aHandoverHoldsUntilTheRecordNamesSomebodyElse() {
    RecordRef p1 = rig.open("1", Map.of("assignee", ANN));
    rig.handOver(p1, BOB, "");
    rig.keep();
    Led led = rig.led(p1);
    assertThat(led.manager()).isEqualTo(BOB);
    assertThat(led.problem()).isEqualTo("its record still names ann@example.com; change it there");
    // She is free for another one, and he is not.
    RecordRef p2 = rig.open("2");
    assertThatThrownBy(() -> rig.assign(p2, BOB)).hasMessageContaining("leads");
    rig.assign(p2, ANN);

    rig.rig.edit(p1, "assignee", CYD);
    rig.keep();
    assertThat(rig.manager(p1)).isEqualTo(CYD);
    assertThat(rig.led(p1).source()).isEqualTo("record");
    assertThat(rig.audit(p1, "manager-released"))
        .containsExactly(
            "Its record names cyd@example.com; the assignment of bob@example.com has ended");
    // It does not come back.
    rig.rig.edit(p1, "assignee", ANN);
    rig.keep();
    assertThat(rig.manager(p1)).isEqualTo(ANN);
  }

  @Test
  void aReleasedIncidentNeedsAManagerFromThenOn() {
    RecordRef p1 = rig.open("1", Map.of("assignee", ANN));
    assertThatThrownBy(
            () ->
                rig.managers()
                    .release(p1.toString(), new ManagerRequest("", null, " ", "", "k", "dee")))
        .hasMessage("reason: missing; say why, for the audit");
    assertThatThrownBy(() -> rig.managers().release(p1.toString(), released()))
        .hasMessageStartingWith("The record of %s names ann@example.com".formatted(key(p1)));
    RecordRef other = rig.open("1");
    rig.assign(other, BOB);
    rig.rig.clock.advance(Duration.ofMinutes(30));
    rig.managers().release(other.toString(), released());
    assertThat(rig.led(other).withoutSince()).isEqualTo(rig.rig.clock.instant());
    assertThat(rig.manager(other)).isEmpty();
    assertThat(rig.audit(other, "manager-released"))
        .containsExactly("Incident manager: bob@example.com is no longer the incident manager");
    assertThatThrownBy(() -> rig.managers().release(other.toString(), released()))
        .hasMessageStartingWith("Nobody leads");
  }

  @Test
  void ifToldSoLockstepAssignsCandidatesByItselfAndTakesNobodyAway() {
    rig.rig.systems.putOnCall("MAJOR", BOB);
    RecordRef p2 = rig.open("2");
    RecordRef p1 = rig.open("1");
    rig.keep();
    rig.keep();
    assertThat(rig.manager(p1)).isEqualTo(ANN);
    assertThat(rig.manager(p2)).isEqualTo(BOB);
    assertThat(rig.notes(p2))
        .containsExactly(
            "Incident manager: bob@example.com is the incident manager.\nReason: on call, policy MAJOR of platform");
    RecordRef named = rig.open("1", Map.of("assignee", ANN));
    RecordRef next = rig.open("1");
    RecordRef last = rig.open("1");
    rig.keep();
    assertThat(rig.manager(next)).isEqualTo(CYD);
    assertThat(rig.manager(last)).isEmpty();
    assertThat(rig.led(last).why())
        .contains(
            "bob@example.com leads %s (P2), which comes later: hand that over to free them"
                .formatted(key(p2)));
    assertThat(rig.led(named).problem())
        .as("named by a record: shown, not changed")
        .contains("also leads");
    assertThat(rig.manager(named)).isEqualTo(ANN);
    assertThat(rig.managers().show(p1.toString()).changes())
        .singleElement()
        .satisfies(change -> assertThat(change.by()).isEmpty());
  }

  @Test
  void aReopenedIncidentDoesNotTakeItsManagerBack() {
    RecordRef first = rig.open("2");
    rig.assign(first, ANN);
    rig.keep();
    rig.rig.edit(first, "status", "resolved");
    rig.keep();
    assertThat(rig.manager(first)).as("for the final update").isEqualTo(ANN);
    RecordRef second = rig.open("2");
    rig.assign(second, ANN);
    rig.keep();
    rig.rig.edit(first, "status", "new");
    rig.keep();
    assertThat(rig.manager(second)).isEqualTo(ANN);
    assertThat(rig.manager(first)).isNotEqualTo(ANN);
    assertThat(rig.audit(first, "manager-released"))
        .containsExactly("ann@example.com leads another incident since this one was over");
    rig.keep();
    assertThat(rig.manager(first)).as("the next candidate").isEqualTo(CYD);
  }
}
