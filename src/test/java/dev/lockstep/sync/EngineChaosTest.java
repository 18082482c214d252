package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.FaultInjection;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything at once: edits on both sides while calls fail before or after they were carried out,
 * workers die, news is lost, repeated and late, and the process is restarted. The seed is in the
 * test's name; threads make runs differ, so what is asserted must hold for all of them.
 */
class EngineChaosTest {
  private static final int TICKETS = 12;
  private static final int EDITS = 300;

  private final TableMapping mapping =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("title", Owner.LEFT),
              new TableField("priority", Owner.NEWEST),
              new TableField("status", Owner.RIGHT)
                  .line("1", "triggered")
                  .line("2", "acknowledged")
                  .line("3", "acknowledged")
                  .line("6", "resolved")),
          Set.of());
  private final Set<String> written = new HashSet<>();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20261124, 4711})
  void endsInAgreementWithNothingLostOrDoubled(long seed) {
    var random = new Random(seed);
    var systems = new FakeSystems();
    try (var engine = new Engine(mapping, systems)) {
      var faults = new FaultInjection(systems, engine, random);
      faults.begin();
      play(systems, engine, random);
      faults.end();
      faults.settle();
      pollAll(systems, engine);
      engine.settle();
      check(systems, engine);
    }
  }

  private void play(FakeSystems systems, Engine engine, Random random) {
    List<RecordRef> own = new ArrayList<>();
    for (int i = 0; i < TICKETS; i++) {
      String system = i % 3 == 0 ? "platform" : "itsm";
      String status = i % 3 == 0 ? "triggered" : "1";
      own.add(
          systems.person(
              system, Map.of("scope", "yes", "title", "t" + i, "priority", "1", "status", status)));
    }
    for (int i = 0; i < EDITS; i++) {
      List<RecordRef> all =
          new ArrayList<>(systems.all(random.nextBoolean() ? "itsm" : "platform"));
      if (all.isEmpty()) {
        continue;
      }
      edit(systems, random, all.get(random.nextInt(all.size())), i);
      if (i == EDITS / 2) {
        engine.stop();
        engine.start();
      }
    }
    assertThat(own).hasSize(TICKETS);
  }

  private void edit(FakeSystems systems, Random random, RecordRef ref, int i) {
    switch (random.nextInt(4)) {
      case 0 -> systems.person(ref, Map.of("title", "title " + i));
      case 1 -> systems.person(ref, Map.of("priority", String.valueOf(random.nextInt(5))));
      case 2 ->
          systems.person(
              ref,
              Map.of(
                  "status",
                  ref.system().equals("itsm")
                      ? List.of("1", "2", "3", "6").get(random.nextInt(4))
                      : List.of("triggered", "acknowledged", "resolved").get(random.nextInt(3))));
      default -> {
        String text = "note <" + i + ">";
        written.add(text);
        systems.personNotes(ref, text, Visibility.INTERNAL);
      }
    }
  }

  private static void pollAll(FakeSystems systems, Engine engine) {
    for (String system : List.of("itsm", "platform")) {
      systems
          .all(system)
          .forEach(
              ref ->
                  engine.bean(Inbox.class).receive(engine.event("poll", ref, systems.peek(ref))));
    }
  }

  private void check(FakeSystems systems, Engine engine) {
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    assertThat(systems.all("itsm")).hasSize(TICKETS);
    assertThat(systems.all("platform")).hasSize(TICKETS);
    for (RecordRef left : systems.all("itsm")) {
      RecordRef right =
          RecordRef.parse(
              systems.correlationOf(left).isEmpty() ? "?/?/?" : systems.correlationOf(left));
      var here = systems.values(left);
      var there = systems.values(right);
      for (var field : mapping.fields()) {
        assertThat(field.agree(here.get(field.name()), there.get(field.name())))
            .as("%s of %s: %s and %s", field.name(), left, here, there)
            .isTrue();
      }
      assertNotesCarriedOnce(systems.noteTexts(left), systems.noteTexts(right));
    }
  }

  private void assertNotesCarriedOnce(List<String> left, List<String> right) {
    var mine = new TreeSet<String>();
    for (String note : written) {
      if (left.stream().anyMatch(text -> text.contains(note))
          || right.stream().anyMatch(text -> text.contains(note))) {
        mine.add(note);
      }
    }
    for (String note : mine) {
      assertThat(left.stream().filter(text -> text.contains(note))).as(note).hasSize(1);
      assertThat(right.stream().filter(text -> text.contains(note))).as(note).hasSize(1);
    }
  }
}
