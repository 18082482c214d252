package dev.lockstep.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.PairQueries;
import dev.lockstep.pair.PairStore;
import dev.lockstep.reconcile.Drift.Problem;
import dev.lockstep.reconcile.Drift.Values;
import dev.lockstep.reconcile.Reconciliation.Mode;
import dev.lockstep.reconcile.Reconciliations.Progress;
import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;

/** What neither a webhook nor a poll reported is found, and repaired or only reported. */
class ReconcilerTest {
  private static final FakeSystems systems = new FakeSystems();
  private static final TableMapping mapping =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("title", Owner.LEFT),
              new TableField("status", Owner.LEFT)),
          Set.of());
  private static Engine engine;

  @BeforeAll
  static void start() {
    engine = new Engine(mapping, systems);
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void forget() {
    engine.forget();
    systems.forget();
    systems.onChange((ref, state) -> engine.receive(ref, state));
  }

  private static RecordRef linked(String title) {
    RecordRef ticket = systems.person("itsm", Map.of("scope", "yes", "title", title));
    engine.settle();
    return ticket;
  }

  private static RecordRef counterpart(RecordRef ticket) {
    var pair = engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow().summary();
    return pair.right().ref();
  }

  private static Reconciler reconciler() {
    return engine.bean(Reconciler.class);
  }

  private static Progress latest() {
    return reconciler().findLatest(10).orElseThrow();
  }

  private static boolean isRunning() {
    return latest().run().finishedAt() == null;
  }

  private static Progress reconcile(Mode mode) {
    assertThat(reconciler().start(mode, "ann")).isPresent();
    for (int round = 0; isRunning() && round < 20; round++) {
      reconciler().runRound();
    }
    engine.settle();
    Progress latest = latest();
    assertThat(latest.run().finishedAt()).isNotNull();
    assertThat(latest.run().checked() + latest.run().postponed()).isEqualTo(latest.run().total());
    return latest;
  }

  private static void change(RecordRef ref, String field, String value) {
    systems.onChange((changed, state) -> {});
    systems.person(ref, Map.of(field, value));
  }

  @Test
  void nothingDiffersAndNothingIsScheduledWhereNothingWasMissed() {
    RecordRef ticket = linked("Records down");
    int fetched = systems.calls("fetch itsm") + systems.calls("fetch platform");

    Progress found = reconcile(Mode.REPAIR);

    assertThat(found.found()).isZero();
    assertThat(found.run().checked()).isEqualTo(1);
    assertThat(found.run().startedBy()).isEqualTo("ann");
    assertThat(systems.calls("fetch itsm") + systems.calls("fetch platform") - fetched)
        .isEqualTo(2);
    assertThat(systems.values(counterpart(ticket))).containsEntry("title", "Records down");
  }

  @Test
  void aChangeThatNobodyReportedIsReportedAndSynced() {
    RecordRef ticket = linked("Records down");
    double before = drift("itsm", "changed");
    change(ticket, "title", "Records are down");

    Progress found = reconcile(Mode.REPAIR);

    assertThat(found.drift())
        .containsExactly(
            new Drift(
                ticket,
                found.drift().get(0).key(),
                Problem.CHANGED,
                Map.of("test.title", new Values("Records down", "Records are down")),
                ""));
    assertThat(found.problems()).containsExactly(Map.entry(Problem.CHANGED, 1L));
    assertThat(found.repaired()).isEqualTo(1);
    assertThat(systems.values(counterpart(ticket))).containsEntry("title", "Records are down");
    assertThat(drift("itsm", "changed") - before).isEqualTo(1);
    assertThat(reconcile(Mode.REPAIR).found()).isZero();
  }

  private static double drift(String system, String problem) {
    return engine
        .bean(MeterRegistry.class)
        .counter("lockstep.drift", "system", system, "problem", problem)
        .count();
  }

  @Test
  void inModeReportNothingIsSynced() {
    RecordRef ticket = linked("Records down");
    change(ticket, "title", "Records are down");

    Progress reported = reconcile(Mode.REPORT);
    assertThat(reported.found()).isEqualTo(1);
    assertThat(reported.repaired()).isZero();
    assertThat(systems.values(counterpart(ticket))).containsEntry("title", "Records down");
    assertThat(reconcile(Mode.REPORT).found()).isEqualTo(1);
  }

  @Test
  void aChangeWhoseWebhookMayStillArriveIsNoDrift() {
    RecordRef ticket = linked("Records down");
    change(ticket, "title", "Records are down");
    systems.sinceLastChange(Duration.ofMinutes(4));
    assertThat(reconcile(Mode.REPORT).found()).isZero();
    systems.sinceLastChange(Duration.ofMinutes(6));
    assertThat(reconcile(Mode.REPORT).found()).isEqualTo(1);
  }

  @Test
  void aDeletedRecordIsFoundOnceAndItsReturnToo() {
    RecordRef ticket = linked("Records down");
    RecordRef incident = counterpart(ticket);
    systems.onChange((ref, state) -> {});
    systems.delete(incident);

    assertThat(reconcile(Mode.REPAIR).drift())
        .extracting(Drift::record, Drift::problem)
        .containsExactly(tuple(incident, Problem.DELETED));
    assertThat(state(ticket)).isEqualTo("BROKEN");
    assertThat(reconcile(Mode.REPAIR).found()).isZero();

    systems.undelete(incident);
    assertThat(reconcile(Mode.REPAIR).drift())
        .extracting(Drift::problem)
        .containsExactly(Problem.RESTORED);
    assertThat(state(ticket)).isEqualTo("LINKED");
  }

  private static String state(RecordRef ref) {
    return engine.bean(PairQueries.class).find(ref.toString()).orElseThrow().summary().state();
  }

  @Test
  void aRecordThatItsSystemRefusesToShowIsReported() {
    linked("Records down");
    systems.failBefore(
        call -> {
          if (call.equals("fetch platform")) {
            throw new RequestRejectedException(403, "fetch", "no rights", "grant them");
          }
        });

    Progress found = reconcile(Mode.REPAIR);
    assertThat(found.drift())
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.problem()).isEqualTo(Problem.UNREADABLE);
              assertThat(drift.reason()).contains("no rights");
            });
    assertThat(found.repaired()).isZero();
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
  }

  @Test
  void aRepairThatIsRefusedIsNotCounted() {
    RecordRef ticket = linked("Records down");
    change(ticket, "title", "Records are down");
    systems.failBefore(
        call -> {
          if (call.equals("update platform")) {
            throw new RequestRejectedException(400, "PUT", "no", "correct it");
          }
        });

    Progress found = reconcile(Mode.REPAIR);

    assertThat(found.found()).isEqualTo(1);
    assertThat(found.unsettled()).isEqualTo(1);
    assertThat(found.repaired()).isZero();
  }

  @Test
  void estimatesWhatIsLeftFromWhatWasDone() {
    linked("Records down");
    linked("Portal down");
    Progress started = reconciler().start(Mode.REPORT, "ann").orElseThrow();
    assertThat(started.remaining(started.run().startedAt().plusSeconds(60))).isEmpty();
    Reconciliation run =
        engine.bean(ReconciliationStore.class).advance(started.run(), pairId(), true);
    Progress half = new Progress(run, Map.of(), 0, List.of());

    assertThat(half.remaining(run.startedAt().plusSeconds(60))).contains(Duration.ofSeconds(60));
  }

  private static UUID pairId() {
    return engine
        .jdbc
        .sql("select min(correlation::text)::uuid from pair")
        .query(UUID.class)
        .single();
  }

  @Test
  void aCorrelationWithADeadLetterIsLeftToTheOperator() {
    RecordRef ticket = linked("Records down");
    systems.failBefore(
        call -> {
          if (call.equals("update platform")) {
            throw new RequestRejectedException(400, "PUT", "no", "correct it");
          }
        });
    systems.person(ticket, Map.of("title", "Records are down"));
    engine.settle();
    assertThat(engine.bean(DeadLetters.class).list()).hasSize(1);
    int fetched = systems.calls("fetch itsm");

    Progress found = reconcile(Mode.REPAIR);

    assertThat(found.run().postponed()).isEqualTo(1);
    assertThat(found.found()).isZero();
    assertThat(systems.calls("fetch itsm")).isEqualTo(fetched);
  }

  /** The webhook arrives while the record is being compared: it was not missed. */
  @Test
  void aChangeThatIsProcessedMeanwhileIsNoDrift() {
    RecordRef ticket = linked("Records down");
    change(ticket, "title", "Records are down");
    AtomicInteger fetches = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("fetch itsm") && fetches.incrementAndGet() == 1) {
            engine.receive(ticket, systems.peek(ticket));
            engine.settle();
          }
        });

    Progress found = reconcile(Mode.REPAIR);

    assertThat(found.found()).isZero();
    assertThat(found.run().postponed()).isEqualTo(1);
    assertThat(systems.values(counterpart(ticket))).containsEntry("title", "Records are down");
  }

  @Test
  void aSystemThatIsAwayIsWaitedForAndThenPassedOver() {
    RecordRef ticket = linked("Records down");
    change(ticket, "title", "Records are down");
    systems.failBefore(
        call -> {
          throw new SystemUnavailableException("away");
        });
    reconciler().start(Mode.REPORT, "ann");
    for (int round = 0; round < 5; round++) {
      reconciler().runRound();
      assertThat(latest().run().position()).isNull();
    }
    systems.failBefore(call -> {});
    reconciler().runRound();
    assertThat(latest().found()).isEqualTo(1);

    systems.failBefore(
        call -> {
          throw new SystemUnavailableException("away");
        });
    Progress passedOver = reconcile(Mode.REPORT);
    assertThat(passedOver.run().postponed()).isEqualTo(1);
  }

  @Test
  void aRunIsContinuedAfterARestartAndComparesEachCorrelationOnce() {
    List<RecordRef> tickets = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      tickets.add(linked("Records down " + i));
    }
    tickets.forEach(ticket -> change(ticket, "title", "Records are down"));
    int fetched = systems.calls("fetch itsm");
    reconciler().start(Mode.REPORT, "ann");
    // 60 records a minute are 10 in a round: those of five correlations.
    reconciler().runRound();
    assertThat(latest().run().checked()).isEqualTo(5);
    assertThat(reconciler().start(Mode.REPORT, "ben")).isEmpty();
    assertThat(engine.bean(AuditStore.class).findLatest("reconciliation", 1))
        .extracting(
            event ->
                event.subject().id() + " " + event.entry().what() + " by " + event.entry().actor())
        .containsExactly(latest().run().id() + " started by ann");
    engine.stop();
    engine.start();
    for (int round = 0; isRunning() && round < 5; round++) {
      reconciler().runRound();
    }
    assertThat(latest().found()).isEqualTo(12);
    assertThat(latest().run().checked()).isEqualTo(12);
    assertThat(latest().drift()).hasSize(10);
    assertThat(systems.calls("fetch itsm") - fetched).isEqualTo(12);
  }

  @Test
  void aScheduledRunStartsOnceADayUnlessItIsSwitchedOff() {
    linked("Records down");
    SettableClock clock = new SettableClock(Instant.parse("2026-11-24T02:59:00Z"));
    Reconciler off = reconciler("off", clock);
    Reconciler nightly = reconciler("report", clock);
    nightly.runRound();
    assertThat(nightly.findLatest(0)).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    off.runRound();
    assertThat(nightly.findLatest(0)).isEmpty();
    nightly.runRound();
    assertThat(nightly.findLatest(0).orElseThrow().run())
        .satisfies(
            run -> {
              assertThat(run.mode()).isEqualTo(Mode.REPORT);
              assertThat(run.startedBy()).isEmpty();
              assertThat(run.finishedAt()).isNotNull();
            });
    long first = nightly.findLatest(0).orElseThrow().run().id();
    clock.advance(Duration.ofHours(23));
    nightly.runRound();
    assertThat(nightly.findLatest(0).orElseThrow().run().id()).isEqualTo(first);
    clock.advance(Duration.ofHours(1));
    nightly.runRound();
    assertThat(nightly.findLatest(0).orElseThrow().run().id()).isGreaterThan(first);
  }

  private static Reconciler reconciler(String mode, SettableClock clock) {
    return new Reconciler(
        new ReconciliationStore(
            engine.jdbc, engine.bean(AuditStore.class), engine.bean(ObjectMapper.class), clock),
        engine.bean(RecordComparison.class),
        engine.bean(PairStore.class),
        engine.bean(WorkScheduler.class),
        engine.bean(TransactionTemplate.class),
        new ReconcileSettings(mode, "0 0 3 * * *", 60),
        clock,
        new SimpleMeterRegistry());
  }
}
