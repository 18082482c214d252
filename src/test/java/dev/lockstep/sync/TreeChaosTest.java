package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.FaultInjection;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several trees of records under failures, restarts, and events lost, doubled and late. */
class TreeChaosTest {
  private static final TableMapping ANY =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.NEWEST),
              new TableField("title", Owner.LEFT),
              new TableField("priority", Owner.NEWEST)),
          Set.of());
  private static final int TREES = 3;
  private static final List<String> SYSTEMS = List.of("a", "b", "c", "d", "e", "f");
  private static final List<TableMapping> ALL =
      List.of(
          ANY.between("ab", "a", "b"),
          ANY.between("bc", "b", "c"),
          ANY.between("cd", "d", "c"),
          ANY.between("de", "d", "e"),
          ANY.between("ef", "f", "e"));

  private final List<String> written = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void staysInSync(long seed) {
    Random random = new Random(seed);
    FakeSystems systems = new FakeSystems();
    try (Engine engine = new Engine(ANY, systems)) {
      engine.map(ALL);
      FaultInjection faults = new FaultInjection(systems, engine, random);
      faults.begin();
      for (int i = 0; i < TREES; i++) {
        systems.person(
            SYSTEMS.get(random.nextInt(6)),
            Map.of("scope", "yes", "title", "t" + i, "priority", "1"));
      }
      for (int i = 0; i < 60; i++) {
        edit(systems, random, i);
        if (i % 20 == 10) {
          engine.stop();
          engine.start();
        }
      }
      faults.end();
      faults.settle();
      pollAll(systems, engine);
      check(systems, engine, TREES);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void treesBecomeOne(long seed) {
    Random random = new Random(seed);
    FakeSystems systems = new FakeSystems();
    try (Engine engine = new Engine(ANY, systems)) {
      engine.map(List.of(ALL.get(0), ALL.get(2), ALL.get(4)));
      systems.onChange(engine::receive);
      for (String system : List.of("a", "c", "f")) {
        systems.person(system, Map.of("scope", "yes", "title", "t" + system, "priority", "1"));
        engine.settle();
      }
      for (String system : SYSTEMS) {
        String text = "note <before " + system + ">";
        written.add(text);
        systems.personNotes(systems.all(system).get(0), text, Visibility.INTERNAL);
      }
      engine.settle();
      systems.onChange((ref, state) -> {});
      name(systems, "b", "c");
      name(systems, "d", "e");
      FaultInjection faults = new FaultInjection(systems, engine, random);
      faults.begin();
      engine.map(ALL);
      for (int i = 0; i < 40; i++) {
        edit(systems, random, i);
        if (i % 20 == 10) {
          engine.stop();
          engine.start();
        }
      }
      faults.end();
      faults.settle();
      pollAll(systems, engine);
      check(systems, engine, 1);
    }
  }

  private static void name(FakeSystems systems, String one, String other) {
    RecordRef here = systems.all(one).get(0);
    RecordRef there = systems.all(other).get(0);
    systems.names(here, there.toString());
    systems.names(there, here.toString());
  }

  private static void pollAll(FakeSystems systems, Engine engine) {
    for (int round = 0; round < 2; round++) {
      engine.settle();
      for (String system : SYSTEMS) {
        for (RecordRef ref : systems.all(system)) {
          engine.bean(Inbox.class).receive(engine.event("poll", ref, systems.peek(ref)));
        }
      }
    }
    engine.settle();
  }

  private void edit(FakeSystems systems, Random random, int i) {
    List<RecordRef> all = systems.all(SYSTEMS.get(random.nextInt(6)));
    if (all.isEmpty()) {
      return;
    }
    RecordRef ref = all.get(random.nextInt(all.size()));
    switch (random.nextInt(3)) {
      case 0 -> systems.person(ref, Map.of("title", "title " + i));
      case 1 -> systems.person(ref, Map.of("priority", String.valueOf(random.nextInt(5))));
      default -> {
        String text = "note <" + i + ">";
        written.add(text);
        systems.personNotes(ref, text, Visibility.INTERNAL);
      }
    }
  }

  private void check(FakeSystems systems, Engine engine, int correlations) {
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    Set<UUID> found = new LinkedHashSet<>();
    for (String system : SYSTEMS) {
      assertThat(systems.all(system)).as(system).hasSize(correlations);
      systems
          .all(system)
          .forEach(
              ref -> found.add(engine.bean(RecordStore.class).correlationOf(ref).orElseThrow()));
    }
    assertThat(found).hasSize(correlations);
    for (UUID id : found) {
      var correlation = engine.bean(PairStore.class).load(id);
      assertThat(correlation.pairs()).hasSize(5).allMatch(p -> p.state() == Pair.State.LINKED);
      assertThat(correlation.records()).hasSize(6);
      for (String field : List.of("title", "priority")) {
        assertThat(
                correlation.records().stream()
                    .map(ref -> systems.values(ref).get(field))
                    .distinct())
            .as(field)
            .hasSize(1);
      }
      Set<String> mine = new LinkedHashSet<>();
      for (RecordRef ref : correlation.records()) {
        for (String text : systems.noteTexts(ref)) {
          written.stream().filter(text::contains).forEach(mine::add);
        }
      }
      for (String note : mine) {
        for (RecordRef ref : correlation.records()) {
          assertThat(systems.noteTexts(ref).stream().filter(text -> text.contains(note)))
              .as("%s on %s", note, ref)
              .hasSize(1);
        }
      }
      for (RecordRef ref : correlation.records()) {
        assertThat(systems.noteTexts(ref)).doesNotHaveDuplicates();
      }
    }
  }
}
