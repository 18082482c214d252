package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pause.PauseScope;
import dev.lockstep.pause.Pauses;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is paused waits without a call, the rest goes on, and nothing is lost when it resumes. */
class PauseTest {
  private static final PauseScope A = PauseScope.system("a");
  private static final PauseScope C = PauseScope.system("c");
  private static final TableMapping ANY =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.NEWEST),
              new TableField("title", Owner.NEWEST),
              new TableField("priority", Owner.NEWEST)),
          Set.of());
  private static final TableMapping AB = ANY.between("ab", "a", "b");
  private static final TableMapping BC = ANY.between("bc", "b", "c");

  private final FakeSystems systems = new FakeSystems();
  private final Engine engine = new Engine(ANY, systems);

  @BeforeEach
  void listen() {
    engine.map(List.of(AB, BC));
    systems.onChange(engine::receive);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private RecordRef begin(String title) {
    RecordRef ref = systems.person("a", Map.of("scope", "yes", "title", title, "priority", "3"));
    engine.settle();
    return ref;
  }

  private RecordRef only(String system) {
    assertThat(systems.all(system)).as(system).hasSize(1);
    return systems.all(system).get(0);
  }

  private String title(String system) {
    return systems.values(only(system)).get("title");
  }

  private long notes(RecordRef ref) {
    return systems.noteTexts(ref).stream().filter(text -> text.contains("note <1>")).count();
  }

  private void pause(PauseScope scope) {
    engine.bean(Pauses.class).pause(scope, "maintenance", "kim", null);
  }

  private void resume(PauseScope scope) {
    assertThat(engine.bean(Pauses.class).resume(scope, "kim")).isPresent();
  }

  private int callsTo(String system) {
    return List.of("fetch", "create", "update", "find", "link", "note", "notes").stream()
        .mapToInt(call -> systems.calls(call + " " + system))
        .sum();
  }

  private static void await(BooleanSupplier condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(condition::getAsBoolean);
  }

  private long waiting() {
    return engine
        .jdbc
        .sql("select count(*) from inbox_entry where waits_for <> '{}'")
        .query(Long.class)
        .single();
  }

  private void assertNothingIsLeft() {
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    assertThat(waiting()).isZero();
  }

  @Test
  void aPausedSystemReceivesNoCallAndTheOtherPairsGoOn() {
    RecordRef a = begin("old");
    pause(C);
    int before = callsTo("c");

    systems.person(a, Map.of("title", "new"));
    systems.personNotes(a, "note <1>", Visibility.INTERNAL);
    engine.settleUnpaused();

    assertThat(title("b")).isEqualTo("new");
    assertThat(notes(only("b"))).isEqualTo(1);
    assertThat(title("c")).isEqualTo("old");
    assertThat(callsTo("c")).isEqualTo(before);

    resume(C);
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertThat(notes(only("c"))).isEqualTo(1);
    assertNothingIsLeft();
  }

  @Test
  void itsOwnChangesWaitToo() {
    begin("old");
    pause(C);

    systems.person(only("c"), Map.of("title", "new"));
    engine.settleUnpaused();
    assertThat(title("b")).isEqualTo("old");

    resume(C);
    engine.settle();
    assertThat(title("a")).isEqualTo("new");
    assertNothingIsLeft();
  }

  @Test
  void changesOfBothSidesAreMergedWhenItResumes() {
    RecordRef a = begin("old");
    pause(A);
    systems.person(a, Map.of("title", "from a"));
    systems.person(only("b"), Map.of("priority", "1"));
    engine.settleUnpaused();

    resume(A);
    engine.settle();

    for (String system : List.of("a", "b", "c")) {
      assertThat(systems.values(only(system)))
          .containsEntry("title", "from a")
          .containsEntry("priority", "1");
    }
    assertNothingIsLeft();
  }

  @Test
  void aPausedMappingStartsNothingAndWritesNothing() {
    RecordRef a = begin("old");
    pause(PauseScope.mapping("bc"));
    RecordRef second = systems.person("a", Map.of("scope", "yes", "title", "second"));
    systems.person(a, Map.of("title", "new"));
    systems.personNotes(a, "note <1>", Visibility.INTERNAL);
    engine.settleUnpaused();

    assertThat(systems.all("b")).hasSize(2);
    assertThat(systems.all("c")).hasSize(1);
    assertThat(notes(systems.all("c").get(0))).isZero();
    assertThat(title("c")).isEqualTo("old");
    // Only its pairs are held back: calls to its systems are not.
    assertThat(notes(systems.all("b").get(0))).isEqualTo(1);

    resume(PauseScope.mapping("bc"));
    engine.settle();
    assertThat(systems.all("c")).hasSize(2);
    assertThat(notes(systems.all("c").get(0))).isEqualTo(1);
    assertThat(systems.values(systems.all("c").get(0))).containsEntry("title", "new");
    assertThat(systems.values(second)).containsEntry("title", "second");
    assertNothingIsLeft();
  }

  @Test
  void whileEverythingIsPausedNothingIsCalled() {
    RecordRef a = begin("old");
    pause(PauseScope.ALL);
    int before = callsTo("a") + callsTo("b") + callsTo("c");

    systems.person(a, Map.of("title", "new"));
    systems.person("b", Map.of("scope", "yes", "title", "second"));
    engine.settleUnpaused();
    assertThat(callsTo("a") + callsTo("b") + callsTo("c")).isEqualTo(before);

    resume(PauseScope.ALL);
    engine.settle();
    assertThat(systems.all("c")).hasSize(2);
    assertThat(systems.values(systems.all("c").get(0))).containsEntry("title", "new");
    assertNothingIsLeft();
  }

  @Test
  void aCallInFlightIsFinishedAndStoredAndTheNextOneWaits() throws Exception {
    RecordRef a = begin("old");
    CountDownLatch inFlight = new CountDownLatch(1);
    CountDownLatch paused = new CountDownLatch(1);
    systems.failAfter(
        call -> {
          if (call.equals("update b")) {
            inFlight.countDown();
            awaitLatch(paused);
          }
        });
    systems.person(a, Map.of("title", "new"));
    assertThat(inFlight.await(10, TimeUnit.SECONDS)).isTrue();
    pause(PauseScope.ALL);
    paused.countDown();
    engine.settleUnpaused();

    assertThat(title("b")).isEqualTo("new");
    assertThat(title("c")).isEqualTo("old");
    int updates = systems.calls("update b");

    resume(PauseScope.ALL);
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertThat(systems.calls("update b")).isEqualTo(updates);
    assertNothingIsLeft();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aPauseSurvivesARestartAndSoDoesWhatWaits() {
    RecordRef a = begin("old");
    pause(C);
    systems.person(a, Map.of("title", "new"));
    engine.settleUnpaused();
    int before = callsTo("c");

    engine.stop();
    engine.start();
    systems.person(a, Map.of("title", "newer"));
    engine.settleUnpaused();
    assertThat(callsTo("c")).isEqualTo(before);
    assertThat(title("b")).isEqualTo("newer");

    resume(C);
    engine.settle();
    assertThat(title("c")).isEqualTo("newer");
    assertNothingIsLeft();
  }

  /** The process dies between the end of a pause and the release of what waits. */
  @Test
  void whatACrashLeftWaitingIsReleased() {
    RecordRef a = begin("old");
    pause(C);
    systems.person(a, Map.of("title", "new"));
    engine.settleUnpaused();
    engine.stop();
    engine.jdbc.sql("delete from pause").update();
    engine.start();
    assertThat(waiting()).isEqualTo(1);

    engine.bean(Pauses.class).release();
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertNothingIsLeft();
  }

  @Test
  void aPauseEndsByItself() {
    RecordRef a = begin("old");
    Instant end = Clock.systemUTC().instant().plusMillis(1500);
    engine.bean(Pauses.class).pause(C, "", "kim", end);
    systems.person(a, Map.of("title", "new"));
    await(() -> waiting() == 1);
    assertThat(title("c")).isEqualTo("old");

    await(() -> !Clock.systemUTC().instant().isBefore(end));
    engine.bean(Pauses.class).release();
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertNothingIsLeft();
  }

  /** The pause ends after a pass has met it, and before its entry is left waiting. */
  @Test
  void aPauseThatEndsDuringAPassLeavesNothingWaiting() {
    RecordRef a = begin("old");
    pause(C);
    systems.failAfter(
        call -> {
          if (call.equals("update b")) {
            engine.jdbc.sql("delete from pause").update();
          }
        });
    systems.person(a, Map.of("title", "new"));
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertNothingIsLeft();
  }

  @Test
  void aPauseMakesNoDeadLetterAndNeitherHidesOne() {
    RecordRef a = begin("old");
    pause(C);
    systems.failBefore(
        call -> {
          if (call.equals("update b")) {
            throw new IllegalStateException("bug");
          }
        });
    systems.person(a, Map.of("title", "new"));
    await(() -> engine.bean(DeadLetters.class).list().size() == 1);

    systems.failBefore(call -> {});
    resume(C);
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertNothingIsLeft();
  }

  @Test
  void workThatWaitsIsNotRetriedMeanwhile() {
    RecordRef a = begin("old");
    pause(C);
    systems.person(a, Map.of("title", "new"));
    engine.settleUnpaused();

    assertThat(
            engine
                .jdbc
                .sql(
                    "select min(execution_time) > now() + interval '12 hours' from scheduled_tasks")
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void anEventOfAnotherRecordIsProcessedAlthoughTheEntryWaits() {
    RecordRef a = begin("old");
    pause(C);
    for (String title : List.of("1", "2", "3")) {
      systems.person(a, Map.of("title", title));
      engine.settleUnpaused();
      assertThat(title("b")).isEqualTo(title);
    }
    assertThat(waiting()).isEqualTo(1);
    resume(C);
    engine.settle();
    assertThat(title("c")).isEqualTo("3");
    assertNothingIsLeft();
  }

  @Test
  void aSystemThatAsksToWaitIsNotTakenForPaused() {
    RecordRef a = begin("old");
    pause(C);
    List<String> asked = new CopyOnWriteArrayList<>();
    systems.failBefore(
        call -> {
          if (call.equals("update b") && asked.size() < 2) {
            asked.add(call);
            throw new RetryLaterException(Duration.ofMillis(20), "429");
          }
        });
    systems.person(a, Map.of("title", "new"));
    engine.settleUnpaused();
    assertThat(title("b")).isEqualTo("new");
    assertThat(asked).hasSize(2);
  }

  /** What is polled of a record whose entry waits is not lost either. */
  @Test
  void changesFoundByPollingWaitToo() {
    begin("old");
    systems.onChange((ref, state) -> {});
    pause(PauseScope.mapping("bc"));
    systems.person(only("b"), Map.of("title", "new"));
    RecordRef b = only("b");
    engine.bean(Inbox.class).receive(engine.event("poll", b, systems.peek(b)));
    engine.settleUnpaused();
    assertThat(title("a")).isEqualTo("new");
    assertThat(title("c")).isEqualTo("old");
    // The next poll finds what is known by now.
    engine.bean(Inbox.class).receive(engine.event("poll", b, systems.peek(b)));
    engine.settleUnpaused();

    resume(PauseScope.mapping("bc"));
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertNothingIsLeft();
  }

  @Test
  void theBacklogIsDrainedInOrderOfPriorityAfterLiveWork() {
    FakeSystems other = new FakeSystems();
    List<String> order = new CopyOnWriteArrayList<>();
    try (Engine single = new Engine(ANY, other, Map.of("lockstep.inbox.threads", "1"))) {
      single.map(List.of(AB.ranked("priority", List.of("1", "2", "3"))));
      other.onChange(
          (ref, state) -> {
            if (ref.system().equals("b")) {
              order.add(state.json().path("priority").asText());
            } else {
              single.receive(ref, state);
            }
          });
      single.bean(Pauses.class).pause(PauseScope.ALL, "", "kim", null);
      for (String priority : List.of("3", "none", "1", "2", "1", "3")) {
        other.person("a", Map.of("scope", "yes", "title", "t", "priority", priority));
      }
      single.settleUnpaused();

      single.bean(Pauses.class).resume(PauseScope.ALL, "kim");
      single.settle();
      assertThat(order.stream().distinct()).containsExactly("1", "2", "3", "none");
      assertThat(order)
          .isSortedAccordingTo(Comparator.comparing(List.of("1", "2", "3", "none")::indexOf));
    }
  }
}
