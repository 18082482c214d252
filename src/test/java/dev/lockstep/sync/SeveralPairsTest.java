package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.OptimisticLockingFailureException;

/** A record in pairs of several mappings, of which one may fail and two may become one tree. */
class SeveralPairsTest {
  private static final TableMapping ANY =
      new TableMapping(
          List.of(new TableField("scope", Owner.NEWEST), new TableField("title", Owner.NEWEST)),
          Set.of());
  private static final TableMapping FIRST = ANY.between("first", "a", "b");
  private static final TableMapping MIDDLE = ANY.between("middle", "b", "c");
  private static final TableMapping LAST = ANY.between("last", "c", "d");

  private final FakeSystems systems = new FakeSystems();
  private final Engine engine = new Engine(ANY, systems);

  @BeforeEach
  void listen() {
    systems.onChange(engine::receive);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private RecordRef begin(String system, String title) {
    RecordRef ref = systems.person(system, Map.of("scope", "yes", "title", title));
    engine.settle();
    return ref;
  }

  private RecordRef only(String system) {
    assertThat(systems.all(system)).as(system).hasSize(1);
    return systems.all(system).get(0);
  }

  private void assertTitle(String title) {
    for (String system : List.of("a", "b", "c", "d")) {
      assertThat(systems.values(only(system))).as(system).containsEntry("title", title);
    }
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
  }

  @Test
  void twoTreesBecomeOneWhenTheirRecordsNameEachOther() {
    engine.map(List.of(FIRST, LAST));
    begin("a", "Down");
    begin("c", "Also down");
    systems.personNotes(only("a"), "written before", Visibility.INTERNAL);
    engine.settle();
    engine.map(List.of(FIRST, MIDDLE, LAST));
    systems.onChange((ref, state) -> {});
    systems.names(only("b"), only("c").toString());
    systems.names(only("c"), only("b").toString());
    systems.onChange(engine::receive);

    engine.receive(only("b"), systems.peek(only("b")));
    engine.settle();

    assertThat(
            Stream.of("a", "b", "c", "d")
                .map(system -> engine.bean(RecordStore.class).correlationOf(only(system)))
                .distinct())
        .hasSize(1);
    systems.person(only("d"), Map.of("title", "Down everywhere"));
    engine.settle();
    assertTitle("Down everywhere");
    assertThat(systems.noteTexts(only("d")))
        .filteredOn(text -> text.contains("written before"))
        .hasSize(1);
  }

  @Test
  void aSystemThatIsAwayDelaysOnlyItsOwnRecords() {
    engine.map(List.of(FIRST, MIDDLE, LAST));
    begin("a", "Down");
    systems.failBefore(
        call -> {
          if (call.endsWith(" c")) {
            throw new SystemUnavailableException("c is away");
          }
        });
    systems.person(only("a"), Map.of("title", "Still down"));
    Awaitility.await().until(() -> systems.values(only("b")).get("title").equals("Still down"));
    systems.personNotes(only("b"), "while it is away", Visibility.INTERNAL);
    Awaitility.await()
        .until(
            () ->
                systems.noteTexts(only("a")).stream()
                    .anyMatch(text -> text.contains("while it is away")));

    systems.failBefore(call -> {});
    engine.settle();

    assertTitle("Still down");
  }

  /** As an action item that names an issue which nobody can find. */
  @Test
  void aCounterpartThatDoesNotExistKeepsNoOtherPairFromStarting() {
    engine.map(List.of(FIRST, MIDDLE));
    systems.ownCorrelation("b");
    systems.onChange((ref, state) -> {});
    RecordRef ref = systems.person("b", Map.of("scope", "yes", "title", "Down"));
    systems.names(ref, "c/incident/none");
    systems.onChange(engine::receive);

    engine.receive(ref, systems.peek(ref));
    engine.settle();

    assertThat(systems.values(only("a"))).containsEntry("title", "Down");
  }

  /** As an action item and the issue it names, both received at the same time. */
  @Test
  void aCounterpartThatIsPairedMeanwhileIsNoFault() {
    engine.map(List.of(MIDDLE, FIRST));
    systems.ownCorrelation("b");
    systems.onChange((ref, state) -> {});
    RecordRef alert = systems.person("a", Map.of("scope", "no", "title", "Down"));
    RecordRef named = systems.person("c", Map.of("scope", "yes", "title", "Down"));
    RecordRef ref = systems.person("b", Map.of("scope", "yes", "title", "Down"));
    systems.names(ref, named + " " + alert);
    EntryHandler handler = engine.bean(EntryHandler.class);
    systems.failBefore(
        call -> {
          if (call.endsWith(" a")) {
            systems.failBefore(none -> {});
            handler.process(entry(named));
          }
        });

    assertThatThrownBy(() -> handler.process(entry(ref))).isInstanceOf(RetryLaterException.class);
  }

  private static InboxEntry entry(RecordRef ref) {
    return new InboxEntry(new Subject.OfRecord(ref), true, Map.of(), Clock.systemUTC().instant());
  }

  @Test
  void aRecordThatIsDeletedBreaksOnlyItsOwnPairs() {
    engine.map(List.of(FIRST, MIDDLE, LAST));
    begin("a", "Down");
    RecordRef gone = only("d");
    systems.delete(gone);
    engine.receiveIfKnown(gone);
    engine.settle();

    systems.person(only("a"), Map.of("title", "Still down"));
    engine.settle();

    assertThat(systems.values(only("c"))).containsEntry("title", "Still down");
    assertThat(engine.bean(PairStore.class).find(gone, "last").orElseThrow().state())
        .isEqualTo(Pair.State.BROKEN);
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
  }

  /** The pass in which two trees become one knows only its own: what it delivers is not all. */
  @Test
  void aNoteWrittenWhileTwoTreesBecomeOneReachesBoth() {
    engine.map(List.of(FIRST, LAST));
    begin("a", "Down");
    begin("c", "Also down");
    systems.personNotes(only("d"), "written before on d", Visibility.INTERNAL);
    engine.settle();
    engine.map(List.of(FIRST, MIDDLE, LAST));
    systems.onChange((ref, state) -> {});
    systems.names(only("b"), only("c").toString());
    systems.names(only("c"), only("b").toString());
    systems.personNotes(only("a"), "written meanwhile on a", Visibility.INTERNAL);
    systems.person(only("b"), Map.of("title", "Down again"));
    systems.onChange(engine::receive);

    engine.bean(Inbox.class).receive(engine.event("webhook", only("a"), systems.peek(only("a"))));
    engine.receive(only("b"), systems.peek(only("b")));
    engine.settle();

    for (String system : List.of("b", "c", "d")) {
      assertThat(systems.noteTexts(only(system)))
          .as(system)
          .filteredOn(text -> text.contains("written meanwhile on a"))
          .hasSize(1);
    }
    for (String system : List.of("a", "b", "c")) {
      assertThat(systems.noteTexts(only(system)))
          .as(system)
          .filteredOn(text -> text.contains("written before on d"))
          .hasSize(1);
    }
  }

  /** Anybody who may edit a record can name another one. */
  @Test
  void aRecordThatIsNotNamedInReturnJoinsNoCorrelation() {
    engine.map(List.of(FIRST, LAST));
    begin("a", "Down");
    begin("c", "Another matter");
    systems.person(only("a"), Map.of("scope", "no"));
    systems.person(only("c"), Map.of("scope", "no"));
    engine.settle();
    engine.map(List.of(FIRST, MIDDLE, LAST));
    systems.names(only("b"), only("c").toString());
    engine.settle();

    assertThat(engine.bean(RecordStore.class).correlationOf(only("c")))
        .isNotEqualTo(engine.bean(RecordStore.class).correlationOf(only("b")));
  }

  @Test
  void mappingsThatUndoTheirOwnWritesEndInOneDeadLetter() {
    TableMapping circling =
        new TableMapping(
                List.of(
                    new TableField("scope", Owner.NEWEST),
                    new TableField("title", Owner.NEWEST)
                        .by("1", "4", "2")
                        .by("2", "4", "3")
                        .by("3", "4", "2")),
                Set.of())
            .between("middle", "b", "c");
    engine.map(List.of(FIRST, circling));
    begin("a", "1");
    systems.person(only("c"), Map.of("title", "4"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> engine.bean(DeadLetters.class).list().size() == 1);
    engine.settle();
    int writes = systems.calls("update b");
    engine.settle();
    assertThat(systems.calls("update b")).isEqualTo(writes).isLessThan(200);
    assertThat(engine.bean(DeadLetters.class).list()).hasSize(1);

    systems.personNotes(only("a"), "all the same", Visibility.INTERNAL);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> systems.noteTexts(only("b")).stream().anyMatch(t -> t.contains("all the same")));
  }

  /** The echoes of its writes arrive late, as most webhooks do. */
  @Test
  void aLateEchoDoesNotReopenADeadLetter() {
    engine.map(
        List.of(
            new TableMapping(
                    List.of(
                        new TableField("scope", Owner.NEWEST),
                        new TableField("title", Owner.NEWEST)
                            .by("1", "4", "2")
                            .by("2", "4", "3")
                            .by("3", "4", "2")),
                    Set.of())
                .between("middle", "b", "c")));
    begin("c", "1");
    List<Runnable> late = new ArrayList<>();
    systems.onChange(
        (ref, state) -> {
          synchronized (late) {
            late.add(() -> engine.receive(ref, state));
          }
        });
    systems.person(only("c"), Map.of("title", "4"));
    late.remove(0).run();
    engine.settle();
    int writes = systems.calls("update b");
    synchronized (late) {
      List.copyOf(late).forEach(Runnable::run);
    }
    engine.settle();

    assertThat(systems.calls("update b")).isEqualTo(writes);
    assertThat(engine.bean(DeadLetters.class).list()).hasSize(1);
  }

  @Test
  void anEditMadeWhileItsMappingWasMissingIsSyncedOnceItIsBack() {
    engine.map(List.of(FIRST, MIDDLE));
    begin("a", "Down");
    engine.map(List.of(FIRST));
    systems.person(only("b"), Map.of("title", "Up"));
    engine.settle();
    for (DeadLetters.DeadLetter letter : engine.bean(DeadLetters.class).list()) {
      engine.bean(DeadLetters.class).discard(letter.id(), "operator");
    }
    engine.map(List.of(FIRST, MIDDLE));
    systems.person(only("c"), Map.of("scope", "yes"));
    engine.settle();
    assertThat(systems.values(only("c"))).containsEntry("title", "Up");
  }

  /** As a system whose answer cannot be parsed, or a converter with an error. */
  @Test
  void aFaultInOnePairKeepsNoOtherFromBeingSynced() {
    engine.map(List.of(FIRST, MIDDLE, LAST));
    begin("c", "Down");
    systems.failBefore(
        call -> {
          if (call.endsWith(" d")) {
            throw new IllegalArgumentException("not a number: x");
          }
        });
    systems.personNotes(only("c"), "See above", Visibility.INTERNAL);
    systems.person(only("c"), Map.of("title", "Still down"));
    engine.settle();

    assertThat(systems.values(only("a"))).containsEntry("title", "Still down");
    assertThat(systems.noteTexts(only("a")))
        .filteredOn(text -> text.contains("See above"))
        .hasSize(1);
    assertThat(engine.bean(DeadLetters.class).list()).hasSize(1);
  }

  /** Its process was slower than another one, which has created the counterpart meanwhile. */
  @Test
  void aPairThatWasLinkedMeanwhileIsNotCancelled() {
    engine.map(List.of(FIRST));
    begin("a", "Down");
    PairStore pairs = engine.bean(PairStore.class);
    Pair before = pairs.find(only("a"), "first").orElseThrow();
    systems.person(only("a"), Map.of("title", "Still down"));
    engine.settle();

    assertThatThrownBy(() -> pairs.delete(before))
        .isInstanceOf(OptimisticLockingFailureException.class);
    assertThat(pairs.find(only("a"), "first")).isPresent();
  }
}
