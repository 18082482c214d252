package dev.lockstep.communication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.audit.AuditEvent;
import dev.lockstep.communication.Communications.Due;
import dev.lockstep.communication.Communications.DueState;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.PairDecisions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

/** When updates are due, and who is reminded of them, as time passes and incidents change. */
class CadenceKeeperTest {
  private static final String EXECUTIVES = "executives";
  private static final String CUSTOMERS = "customers";

  @TempDir private static Path dir;
  private static CommunicationRig rig;

  @BeforeAll
  static void start() {
    rig = new CommunicationRig(dir);
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

  private static List<String> texts(List<AuditEvent> events) {
    return events.stream().map(event -> event.entry().text()).toList();
  }

  private void send(RecordRef incident, String audience) {
    rig.communications().send(incident.toString(), audience, "", "we work on it", "", null, "ann");
  }

  @Test
  void theFirstUpdateIsDueAfterTheIncidentWasSeenAndTheFirstDueIsListedFirst() {
    RecordRef p2 = rig.open("2");
    RecordRef p1 = rig.open("1");
    RecordRef p3 = rig.open("3");
    Instant seen = rig.clock.instant();
    rig.pass(minutes(1));

    assertThat(rig.due(p1, EXECUTIVES).dueAt()).isEqualTo(seen.plus(minutes(15)));
    assertThat(rig.due(p1, CUSTOMERS).dueAt()).isEqualTo(seen.plus(minutes(60)));
    assertThat(rig.due(p2, EXECUTIVES).dueAt()).isEqualTo(seen.plus(minutes(30)));
    assertThat(rig.due(p2, CUSTOMERS)).isNull();
    assertThat(rig.due(p3, EXECUTIVES)).isNull();
    assertThat(rig.communications().list()).extracting(Due::dueAt).isSorted().hasSize(3);
    assertThat(rig.due(p1, EXECUTIVES).state()).isEqualTo(DueState.DUE);
    assertThat(texts(rig.audit(p1, "updates")))
        .containsExactlyInAnyOrder(
            "An update for Executives is due at %s: its level is P1"
                .formatted(DraftWriter.time(seen.plus(minutes(15)))),
            "An update for Customers is due at %s: its level is P1"
                .formatted(DraftWriter.time(seen.plus(minutes(60)))));
  }

  /** Settings that are added later must not make everything overdue at once. */
  @Test
  void anIncidentThatWasSeenLongAgoIsDueAfterOneInterval() {
    RecordRef p1 = rig.open("1");
    rig.pass(minutes(40));
    assertThat(rig.due(p1, EXECUTIVES).dueAt()).isEqualTo(rig.in(minutes(15)));
    assertThat(rig.due(p1, CUSTOMERS).dueAt()).isEqualTo(rig.in(minutes(20)));
  }

  @Test
  void remindsBeforeItIsDueAndTakesEachStepOfTheEscalationOnce() {
    RecordRef p1 = rig.open("1");
    rig.keep();
    rig.pass(minutes(9));
    assertThat(rig.messages("ops")).isEmpty();

    rig.pass(minutes(1));
    rig.keep();
    assertThat(rig.messages("ops"))
        .singleElement()
        .asString()
        .startsWith("Update for Executives is due at ")
        .endsWith(": P1 " + rig.due(p1, EXECUTIVES).incident().key());
    assertThat(rig.audit(p1, "reminded"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.entry().text())
                  .startsWith("Reminded manager, channel ops: the update for Executives is due at");
              assertThat(event.entry().details())
                  .containsEntry("manager", "not sent: 'ann' is no e-mail address")
                  .containsEntry("channel ops", "sent");
            });

    rig.pass(minutes(5));
    rig.keep();
    assertThat(rig.messages("ops")).hasSize(2);
    assertThat(rig.messages("mail")).isEmpty();
    rig.engine.settle();
    assertThat(rig.systems.noteTexts(p1))
        .filteredOn(note -> note.contains("is overdue since"))
        .hasSize(1);
    rig.pass(minutes(1));
    assertThat(rig.due(p1, EXECUTIVES).state()).isEqualTo(DueState.OVERDUE);
    assertThat(rig.engine.bean(CadenceStore.class).countOverdue(EXECUTIVES, rig.clock.instant()))
        .isEqualTo(1);

    rig.pass(minutes(9));
    rig.pass(minutes(10));
    assertThat(rig.messages("ops")).hasSize(2);
    assertThat(rig.messages("mail"))
        .singleElement()
        .asString()
        .startsWith("Update for Executives is overdue since ");
    assertThat(texts(rig.audit(p1, "escalated")))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("Escalated to channel ops, itsm (internal): the update for Executives");

    // The next one is reminded of and escalated again.
    send(p1, EXECUTIVES);
    rig.pass(minutes(10));
    rig.pass(minutes(5));
    assertThat(rig.messages("ops")).hasSize(4);
  }

  @Test
  void theIncidentManagerIsRemindedByEmail() {
    RecordRef p1 = rig.open("1", Map.of("assignee", "ann@example.com"));
    rig.keep();
    rig.pass(minutes(10));
    assertThat(
            rig.engine
                .jdbc
                .sql("select recipient || ' ' || kind from message where channel = 'manager'")
                .query(String.class)
                .list())
        .containsExactly("ann@example.com email");
    assertThat(rig.audit(p1, "reminded").get(0).entry().details()).containsEntry("manager", "sent");
  }

  @Test
  void aRaisedLevelIsSoonerAndALoweredOneKeepsWhatWasPromised() {
    RecordRef ref = rig.open("2");
    rig.keep();
    Instant promised = rig.due(ref, EXECUTIVES).dueAt();
    rig.clock.advance(minutes(5));
    rig.edit(ref, "priority", "1");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(rig.in(minutes(15))).isBefore(promised);
    assertThat(rig.due(ref, CUSTOMERS)).as("informed from P1 on").isNotNull();

    rig.clock.advance(minutes(5));
    rig.edit(ref, "priority", "2");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(rig.in(minutes(10)));
    assertThat(rig.due(ref, EXECUTIVES).isLast()).isFalse();
    assertThat(rig.due(ref, CUSTOMERS).isLast()).as("P2 needs none").isTrue();

    send(ref, EXECUTIVES);
    send(ref, CUSTOMERS);
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(rig.in(minutes(30)));
    assertThat(rig.due(ref, CUSTOMERS)).isNull();

    // A level at which nobody is informed.
    rig.edit(ref, "priority", "3");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).isLast()).isTrue();
    rig.edit(ref, "priority", "1");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).isLast()).isFalse();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(rig.in(minutes(15)));
  }

  @Test
  void aLoweredLevelKeepsTheTimeToWhichAnUpdateWasPostponed() {
    RecordRef ref = rig.open("1");
    rig.keep();
    rig.communications().snooze(ref.toString(), EXECUTIVES, minutes(120), "in a call", "ann");
    Instant postponed = rig.due(ref, EXECUTIVES).dueAt();
    rig.edit(ref, "priority", "2");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(postponed);
    assertThat(rig.due(ref, EXECUTIVES).state()).isEqualTo(DueState.SNOOZED);
    rig.edit(ref, "priority", "1");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).as("raised").isEqualTo(rig.in(minutes(15)));
  }

  @Test
  void nothingIsDueForAnAudienceThatIsNoLongerConfigured() {
    RecordRef ref = rig.open("1");
    rig.keep();
    rig.engine
        .jdbc
        .sql(
            """
            insert into cadence (record, audience, level, state, due_at, reminded, escalated,
              snooze_reason, snoozed_by)
            select record, 'former', level, state, due_at, reminded, escalated, '', '' from cadence
            where audience = 'executives'
            """)
        .update();
    rig.keep();
    rig.keep();
    assertThat(
            rig.engine
                .jdbc
                .sql("select state from cadence where audience = 'former' and due_at is null")
                .query(String.class)
                .list())
        .containsExactly("CLOSED");
    assertThat(rig.audit(ref, "updates"))
        .filteredOn(event -> event.entry().text().contains("former"))
        .hasSize(1);
    assertThat(rig.due(ref, EXECUTIVES)).isNotNull();
  }

  @Test
  void manyUpdatesAreListedWithTheStatementsOfOne() {
    rig.open("1");
    rig.open("1", Map.of("title", "Mail down"));
    rig.open("1", Map.of("title", "Phones down"));
    rig.keep();
    rig.engine.statements.forget();
    assertThat(rig.communications().list()).hasSize(6);
    for (String table : List.of("from pair ", "from incident ", "from incident_manager ")) {
      assertThat(rig.engine.statements.executed())
          .filteredOn(statement -> statement.contains(table))
          .as(table)
          .hasSize(1);
    }
  }

  @Test
  void aResolvedIncidentGetsOneFinalUpdateAndAReopenedOneGoesOn() {
    RecordRef ref = rig.open("2");
    rig.keep();
    rig.clock.advance(minutes(5));
    rig.edit(ref, "status", "resolved");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(rig.in(minutes(15)));
    assertThat(rig.due(ref, EXECUTIVES).isLast()).isTrue();

    rig.edit(ref, "status", "new");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).isLast()).isFalse();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(rig.in(minutes(15)));

    rig.edit(ref, "status", "resolved");
    rig.keep();
    send(ref, EXECUTIVES);
    rig.pass(minutes(60));
    assertThat(rig.communications().list()).isEmpty();
    assertThat(rig.audit(ref, "escalated")).isEmpty();

    rig.edit(ref, "status", "new");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(rig.in(minutes(30)));
  }

  /** Those who know that the next update comes in two minutes need not wait for the final one. */
  @Test
  void theFinalUpdateIsNoLaterThanTheOneThatWasPromised() {
    RecordRef ref = rig.open("1");
    rig.keep();
    Instant promised = rig.due(ref, EXECUTIVES).dueAt();
    rig.clock.advance(minutes(13));
    rig.edit(ref, "status", "resolved");
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(promised);
    assertThat(rig.due(ref, CUSTOMERS)).as("no final update is configured").isNull();
  }

  @Test
  void aSnoozedUpdateIsDueLaterAndTheAuditSaysWhy() {
    RecordRef ref = rig.open("1");
    rig.keep();
    rig.pass(minutes(10));
    assertThat(rig.messages("ops")).hasSize(1);
    Due due =
        rig.communications()
            .snooze(ref.toString(), EXECUTIVES, minutes(30), "in a call\nwith them", "ann");
    assertThat(due.dueAt()).isEqualTo(rig.in(minutes(30)));
    assertThat(due.state()).isEqualTo(DueState.SNOOZED);
    assertThat(due.snoozedBy()).isEqualTo("ann");
    assertThat(due.reason()).isEqualTo("in a call with them");
    assertThat(rig.audit(ref, "snoozed"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.entry().actor()).isEqualTo("ann");
              assertThat(event.entry().details()).containsEntry("reason", "in a call with them");
            });

    rig.pass(minutes(24));
    assertThat(rig.messages("ops")).as("not reminded before its new time").hasSize(1);
    rig.pass(minutes(1));
    assertThat(rig.messages("ops")).hasSize(2);
    rig.pass(minutes(6));
    assertThat(rig.due(ref, EXECUTIVES).state()).isEqualTo(DueState.OVERDUE);
  }

  @Test
  void duplicatesAndWhatIsNoLongerSyncedNeedNoUpdates() {
    RecordRef primary = rig.open("1");
    RecordRef duplicate = rig.open("1", Map.of("title", "Something else altogether"));
    rig.keep();
    link(duplicate, primary, "LINKED");
    rig.keep();
    assertThat(rig.due(duplicate, EXECUTIVES)).isNull();
    assertThat(rig.due(primary, EXECUTIVES)).isNotNull();
    assertThat(texts(rig.audit(duplicate, "updates")))
        .contains("No more updates for Executives are due");
    rig.engine.jdbc.sql("update duplicate set state = 'SPLIT'").update();
    rig.keep();
    assertThat(rig.due(duplicate, EXECUTIVES)).isNotNull();

    Pair pair = rig.engine.bean(PairStore.class).findAll(primary).get(0);
    rig.engine.bean(PairDecisions.class).unlink(pair.id(), "ann", "wrong");
    rig.keep();
    assertThat(rig.due(primary, EXECUTIVES)).isNull();
  }

  private static void link(RecordRef duplicate, RecordRef primary, String state) {
    for (RecordRef ref : List.of(duplicate, primary)) {
      rig.engine
          .jdbc
          .sql(
              """
              insert into ticket (record, mapping, side, title, description, service, category,
                opened_at, starts, seen_record, revision)
              values (:ref, 'test', 'LEFT', '', '', '', '', now(), true, :ref, nextval('ticket_revision_seq'))
              """)
          .param("ref", ref.toString())
          .update();
    }
    rig.engine
        .jdbc
        .sql(
            """
            insert into duplicate (revision, duplicate, primary_ticket, state, reasons, decided_by,
              resolution, restore, created_at, changed_at)
            values (1, ?, ?, ?, '[]', '', 'OPEN', '{}', now(), now())
            """)
        .params(duplicate.toString(), primary.toString(), state)
        .update();
  }

  @Test
  void aRestartForgetsNothingAndRepeatsNothing() {
    RecordRef ref = rig.open("1");
    rig.keep();
    rig.pass(minutes(10));
    Instant promised = rig.due(ref, EXECUTIVES).dueAt();
    rig.engine.stop();
    rig.clock.advance(minutes(7));
    rig.engine.start();
    rig.keep();
    rig.keep();
    assertThat(rig.due(ref, EXECUTIVES).dueAt()).isEqualTo(promised);
    assertThat(rig.audit(ref, "reminded")).hasSize(1);
    assertThat(rig.audit(ref, "escalated")).hasSize(1);
  }

  /** The job has no state of its own: two threads are as two processes. */
  @Test
  void twoProcessesRemindAndEscalateOnce() throws Exception {
    List<RecordRef> incidents = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      incidents.add(rig.open("2"));
    }
    together();
    rig.clock.advance(minutes(25));
    together();
    rig.clock.advance(minutes(6));
    together();
    assertThat(incidents)
        .allSatisfy(
            ref -> {
              assertThat(rig.audit(ref, "updates")).hasSize(1);
              assertThat(rig.audit(ref, "reminded")).hasSize(1);
              assertThat(rig.audit(ref, "escalated")).hasSize(1);
            });
    assertThat(rig.messages("ops")).hasSize(16);
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
}
