package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.CallGate;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pause.Pause;
import dev.lockstep.pause.PauseScope;
import dev.lockstep.pause.Pauses;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.FaultInjection;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trees of records, edited while systems and mappings are paused and resumed at random. */
class PauseChaosTest {
  private static final TableMapping ANY =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.NEWEST),
              new TableField("title", Owner.LEFT),
              new TableField("priority", Owner.NEWEST)),
          Set.of());
  private static final List<String> SYSTEMS = List.of("a", "b", "c", "d");
  private static final List<TableMapping> MAPPINGS =
      List.of(
          ANY.between("ab", "a", "b"), ANY.between("bc", "b", "c"), ANY.between("db", "d", "b"));
  private static final List<PauseScope> SCOPES =
      List.of(
          PauseScope.ALL,
          PauseScope.system("a"),
          PauseScope.system("b"),
          PauseScope.system("c"),
          PauseScope.mapping("ab"),
          PauseScope.mapping("bc"),
          PauseScope.mapping("db"));
  private static final int STEPS = 60;

  private final FakeSystems systems = new FakeSystems();
  private final Set<PauseScope> paused = ConcurrentHashMap.newKeySet();
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final List<String> written = new ArrayList<>();
  private int started;

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, true", "4, true"})
  void endsInAgreementAndCallsNothingThatIsPaused(long seed, boolean faults) {
    Random random = new Random(seed);
    try (Engine engine = new Engine(ANY, systems)) {
      engine.map(MAPPINGS);
      observe(engine);
      FaultInjection injection = new FaultInjection(systems, engine, random);
      if (faults) {
        injection.begin();
      } else {
        systems.onChange(engine::receive);
      }
      begin(random);
      for (int step = 0; step < STEPS; step++) {
        act(engine, random, step);
        if (step % 25 == 20) {
          engine.stop();
          engine.start();
          observe(engine);
        }
      }
      injection.end();
      resumeAll(engine);
      injection.settle();
      pollAll(engine);
      assertThat(violations).isEmpty();
      check(engine);
    }
  }

  /** What was paused before a call was made, and still was after it, must have stopped it. */
  private void observe(Engine engine) {
    CallGate gate = engine.bean(CallGate.class);
    systems.gate(
        system -> {
          boolean before = isPaused(system);
          gate.requireOpen(system);
          if (before && isPaused(system)) {
            violations.add(system);
          }
        });
  }

  private boolean isPaused(String system) {
    return paused.contains(PauseScope.ALL) || paused.contains(PauseScope.system(system));
  }

  private void begin(Random random) {
    started++;
    systems.person(
        SYSTEMS.get(random.nextInt(SYSTEMS.size())),
        Map.of("scope", "yes", "title", "t" + started, "priority", "1"));
  }

  private void act(Engine engine, Random random, int step) {
    switch (random.nextInt(8)) {
      case 0 -> {
        PauseScope scope = SCOPES.get(random.nextInt(SCOPES.size()));
        engine.bean(Pauses.class).pause(scope, "", "kim", null);
        paused.add(scope);
      }
      case 1, 2 ->
          paused.stream()
              .sorted(Comparator.comparing(PauseScope::toString))
              .skip(paused.isEmpty() ? 0 : random.nextInt(paused.size()))
              .findFirst()
              .ifPresent(scope -> resume(engine, scope));
      case 3 -> {
        if (started < 3) {
          begin(random);
        }
      }
      default -> edit(random, step);
    }
    if (random.nextInt(4) == 0) {
      // Lets some of it be processed before the next change.
      engine.bean(Pauses.class).release();
    }
  }

  private void resume(Engine engine, PauseScope scope) {
    paused.remove(scope);
    assertThat(engine.bean(Pauses.class).resume(scope, "kim")).isPresent();
  }

  private void resumeAll(Engine engine) {
    for (Pause pause : engine.bean(Pauses.class).active()) {
      resume(engine, pause.scope());
    }
    assertThat(paused).isEmpty();
  }

  private void edit(Random random, int step) {
    List<RecordRef> all = systems.all(SYSTEMS.get(random.nextInt(SYSTEMS.size())));
    if (all.isEmpty()) {
      return;
    }
    RecordRef ref = all.get(random.nextInt(all.size()));
    switch (random.nextInt(3)) {
      case 0 -> systems.person(ref, Map.of("title", "title " + step));
      case 1 -> systems.person(ref, Map.of("priority", String.valueOf(random.nextInt(5))));
      default -> {
        String text = "note <" + step + ">";
        written.add(text);
        systems.personNotes(ref, text, Visibility.INTERNAL);
      }
    }
  }

  private void pollAll(Engine engine) {
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

  private void check(Engine engine) {
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    List<String> first = values("a");
    for (String system : SYSTEMS) {
      assertThat(systems.all(system)).as(system).hasSize(started);
      assertThat(values(system)).as(system).isEqualTo(first);
      for (RecordRef ref : systems.all(system)) {
        assertThat(systems.noteTexts(ref)).doesNotHaveDuplicates();
      }
      for (String note : written) {
        long copies =
            systems.all(system).stream()
                .flatMap(ref -> systems.noteTexts(ref).stream())
                .filter(text -> text.contains(note))
                .count();
        assertThat(copies).as("%s in %s", note, system).isEqualTo(1);
      }
    }
  }

  private List<String> values(String system) {
    return systems.all(system).stream()
        .map(ref -> systems.values(ref).get("title") + "/" + systems.values(ref).get("priority"))
        .sorted()
        .toList();
  }
}
