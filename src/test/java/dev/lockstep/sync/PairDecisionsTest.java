package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.plan.Conflict;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators decide about pairs takes effect in the engine, and nothing undoes it. */
class PairDecisionsTest {
  private static final FakeSystems systems = new FakeSystems();
  private static final TableMapping mapping =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("title", Owner.LEFT),
              new TableField("level", Owner.LEFT).line("L1", "R1").line("L2", "R2")),
          Set.of());
  private static Engine engine;
  private RecordRef ticket;
  private RecordRef incident;

  @BeforeAll
  static void start() {
    engine = new Engine(mapping, systems);
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void link() {
    engine.forget();
    systems.forget();
    systems.onChange(engine::receive);
    ticket = systems.person("itsm", Map.of("scope", "yes", "title", "Down", "level", "L1"));
    engine.settle();
    incident = systems.all("platform").get(0);
  }

  private Pair pair() {
    return engine.bean(PairStore.class).findAll(ticket).get(0);
  }

  private List<String> audit(String what) {
    return engine.bean(PairStore.class).latest(pair().id(), what, 10).stream()
        .map(AuditEntry::actor)
        .toList();
  }

  private String title(RecordRef ref) {
    return systems.values(ref).getOrDefault("title", "");
  }

  @Test
  void reconcilesWhatNoEventReported() {
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("title", "Down everywhere"));

    assertThat(engine.bean(PairDecisions.class).reconcile(pair().correlation(), "ann")).isTrue();
    engine.settle();

    assertThat(title(incident)).isEqualTo("Down everywhere");
    assertThat(audit("requested")).containsExactly("ann");
  }

  @Test
  void anUnlinkedPairIsNeverSyncedNorStartedAgain() {
    assertThat(engine.bean(PairDecisions.class).unlink(pair().id(), "ann", "wrong")).isTrue();

    systems.person(ticket, Map.of("title", "Other"));
    systems.person(incident, Map.of("title", "Another"));
    systems.personNotes(ticket, "said here", Visibility.INTERNAL);
    engine.receive(ticket, systems.peek(ticket));
    engine.receive(incident, systems.peek(incident));
    engine.settle();
    engine.bean(PairDecisions.class).reconcile(pair().correlation(), "ann");
    engine.settle();

    assertThat(title(ticket)).isEqualTo("Other");
    assertThat(title(incident)).isEqualTo("Another");
    assertThat(systems.noteTexts(incident)).noneMatch(text -> text.contains("said here"));
    assertThat(systems.all("platform")).hasSize(1);
    assertThat(systems.all("itsm")).hasSize(1);
    assertThat(engine.bean(PairStore.class).findAll(incident)).hasSize(1);
    assertThat(pair().state()).isEqualTo(Pair.State.UNLINKED);
    assertThat(audit("unlinked")).containsExactly("ann");
    assertThat(engine.bean(PairDecisions.class).unlink(pair().id(), "ann", "again")).isFalse();
  }

  /** Its counterpart may be created at any moment, and would start a pair of its own. */
  @Test
  void aPairThatIsBeingLinkedCannotBeUnlinked() {
    PairStore pairs = engine.bean(PairStore.class);
    Pair linking = pairs.save(pair().withState(Pair.State.LINKING), List.of());

    assertThat(engine.bean(PairDecisions.class).unlink(linking.id(), "ann", "wrong")).isFalse();
  }

  /** Both sides edit the title; the left side owns it. */
  private void conflict() {
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("title", "Kept"));
    systems.person(incident, Map.of("title", "Lost"));
    systems.onChange(engine::receive);
    engine.receive(ticket, systems.peek(ticket));
    engine.receive(incident, systems.peek(incident));
    engine.settle();
    assertThat(title(incident)).isEqualTo("Kept");
  }

  /** The value that lost the latest conflict. */
  private LostValue lost() {
    return engine.bean(PairStore.class).latest(pair().id(), "conflict", 1).stream()
        .flatMap(entry -> LostValue.parse(entry).stream())
        .findFirst()
        .orElseThrow();
  }

  private Optional<String> decide() {
    return engine.bean(ChosenValues.class).choose(pair().id(), lost(), "ann");
  }

  private void choose() {
    assertThat(decide()).isEmpty();
    engine.settle();
  }

  private List<String> refusals() {
    return engine.bean(PairStore.class).latest(pair().id(), "refused", 10).stream()
        .map(AuditEntry::text)
        .toList();
  }

  /** The title is edited on the right while it is overwritten from the left. */
  private void lateConflict() {
    AtomicInteger updates = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update platform") && updates.incrementAndGet() == 1) {
            systems.person(incident, Map.of("title", "Lost"));
          }
        });
    systems.person(ticket, Map.of("title", "Kept"));
    engine.settle();
    systems.failBefore(call -> {});
    assertThat(title(incident)).isEqualTo("Kept");
  }

  @Test
  void theChosenValueIsWrittenToItsSideAndSyncedFromThere() {
    conflict();

    choose();

    assertThat(title(incident)).isEqualTo("Lost");
    assertThat(title(ticket)).isEqualTo("Lost");
    assertThat(audit("decided")).containsExactly("ann");
    assertThat(audit("chosen")).containsExactly("ann");
    assertThat(engine.jdbc.sql("select count(*) from chosen_value").query(Long.class).single())
        .isZero();
    systems.person(ticket, Map.of("title", "Later"));
    engine.settle();
    assertThat(title(incident)).isEqualTo("Later");
  }

  @Test
  void aValueWhoseConflictWasFoundLateIsWrittenOnceToo() {
    lateConflict();
    assertThat(lost()).isEqualTo(new LostValue(Side.RIGHT, "title", "Lost", "Kept"));
    int updates = systems.calls("update platform");

    choose();

    assertThat(title(incident)).isEqualTo("Lost");
    assertThat(title(ticket)).isEqualTo("Lost");
    assertThat(systems.calls("update platform")).isEqualTo(updates + 1);
    assertThat(engine.bean(PairStore.class).latest(pair().id(), "conflict", 10)).hasSize(1);
    assertThat(audit("chosen")).containsExactly("ann");
  }

  @Test
  void aFieldThatWasEditedSinceTheConflictIsNotOffered() {
    lateConflict();
    systems.person(incident, Map.of("title", "Newer"));
    engine.settle();

    assertThat(decide())
        .contains(
            "title was edited since: %s has 'Newer', %s has 'Newer'."
                .formatted(pair().rightSeen().key(), pair().leftSeen().key()));

    assertThat(audit("decided")).isEmpty();
    assertThat(engine.jdbc.sql("select count(*) from chosen_value").query(Long.class).single())
        .isZero();
  }

  @Test
  void anEditOfTheOtherSideAfterTheDecisionIsKept() {
    conflict();
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("title", "Newer"));
    int updates = systems.calls("update itsm");

    choose();

    assertThat(title(incident)).isEqualTo("Newer");
    assertThat(title(ticket)).isEqualTo("Newer");
    assertThat(systems.calls("update itsm")).isEqualTo(updates);
    assertThat(refusals())
        .containsExactly(
            "title of %s was not changed: it was edited meanwhile"
                .formatted(pair().rightSeen().key()));
  }

  @Test
  void anEditThatTheChosenValueOverwritesUnseenIsReported() {
    conflict();
    AtomicInteger updates = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update platform") && updates.incrementAndGet() == 1) {
            systems.person(incident, Map.of("title", "Edited unseen"));
          }
        });

    choose();

    assertThat(title(incident)).isEqualTo("Lost");
    assertThat(lost()).isEqualTo(new LostValue(Side.RIGHT, "title", "Edited unseen", "Lost"));
    assertThat(systems.noteTexts(incident).toString()).contains("\"Edited unseen\" was replaced");
  }

  @Test
  void aValueThatTheSystemDoesNotKeepIsWrittenOnce() {
    conflict();
    int updates = systems.calls("update platform");
    systems.drop("platform", "title");

    choose();

    assertThat(systems.calls("update platform")).isEqualTo(updates + 1);
    assertThat(refusals())
        .containsExactly(
            "title of %s was not changed: it does not keep the value"
                .formatted(pair().rightSeen().key()));
  }

  @Test
  void aRefusalWithoutAnAnswerIsARefusal() {
    conflict();
    systems.failBefore(
        call -> {
          if (call.equals("update platform")) {
            throw new RequestRejectedException(403, "PUT", "", "Grant it.");
          }
        });

    choose();

    assertThat(audit("chosen")).isEmpty();
    assertThat(refusals())
        .singleElement()
        .satisfies(text -> assertThat(text).contains("was not changed: 403 for PUT"));
  }

  @Test
  void anEffectOfAWriteThatWasTakenBackIsNoValueToChoose() {
    AuditEntry effect =
        LostValue.toEntry(
            "Both sides changed it", new Conflict("title", Side.LEFT, "a", "b"), null, null, null);

    assertThat(LostValue.parse(effect)).isEmpty();
  }

  @Test
  void aNewerEditIsKept() {
    conflict();
    systems.onChange((ref, state) -> {});
    systems.person(incident, Map.of("title", "Newer"));

    choose();

    assertThat(title(incident)).isEqualTo("Newer");
    assertThat(title(ticket)).isEqualTo("Newer");
    assertThat(audit("refused")).containsExactly("ann");
  }

  @Test
  void aRefusedChoiceIsDroppedAndSaysSo() {
    conflict();
    systems.failBefore(
        call -> {
          if (call.equals("update platform")) {
            throw new RequestRejectedException(403, "PUT", "not allowed", "Grant it.");
          }
        });

    choose();

    assertThat(title(incident)).isEqualTo("Kept");
    assertThat(title(ticket)).isEqualTo("Kept");
    assertThat(audit("refused")).containsExactly("ann");
  }

  @Test
  void aChoiceWhoseOutcomeIsUnknownIsCarriedOutOnce() {
    conflict();
    AtomicInteger updates = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("update platform") && updates.incrementAndGet() == 1) {
            throw new SystemUnavailableException("no answer");
          }
        });

    choose();

    assertThat(updates).hasValue(1);
    assertThat(title(incident)).isEqualTo("Lost");
    assertThat(title(ticket)).isEqualTo("Lost");
    assertThat(audit("chosen")).containsExactly("ann");
  }

  @Test
  void aValueThatIsThereAlreadyCannotBeChosen() {
    LostValue same = new LostValue(Side.RIGHT, "title", "Down", "Down");
    assertThat(engine.bean(ChosenValues.class).choose(pair().id(), same, "ann"))
        .contains("title of %s is 'Down' already.".formatted(pair().rightSeen().key()));
  }

  private Optional<String> order(String level, String by) {
    return engine.bean(ChosenValues.class).order(pair(), Side.LEFT, "level", level, by);
  }

  /** The first is being written: it must not take the second with it. */
  @Test
  void aValueThatIsAskedForWhileAnotherIsWrittenIsWrittenToo() {
    AtomicInteger updates = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update itsm") && updates.incrementAndGet() == 1) {
            assertThat(order("L3", "bob")).isEmpty();
          }
        });

    assertThat(order("L2", "ann")).isEmpty();
    engine.settle();

    assertThat(systems.values(ticket)).containsEntry("level", "L3");
    assertThat(audit("chosen")).containsExactlyInAnyOrder("ann", "bob");
    assertThat(refusals()).isEmpty();
  }

  @Test
  void whatAPersonEditsWhileTwoValuesAreAskedForIsKept() {
    AtomicInteger updates = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update itsm") && updates.incrementAndGet() == 1) {
            assertThat(order("L3", "bob")).isEmpty();
          }
        });
    systems.failAfter(
        call -> {
          if (call.equals("update itsm") && updates.get() == 1) {
            systems.person(ticket, Map.of("level", "L4"));
          }
        });

    assertThat(order("L2", "ann")).isEmpty();
    engine.settle();

    assertThat(systems.values(ticket)).containsEntry("level", "L4");
    assertThat(audit("refused")).contains("bob");
  }
}
