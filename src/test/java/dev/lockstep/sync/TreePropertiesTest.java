package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Records in several pairs: any tree of systems, edited anywhere, ends in agreement. */
class TreePropertiesTest {
  private static final FakeSystems SYSTEMS = new FakeSystems();
  private static final List<String> FIELDS = List.of("title", "priority", "status");
  private static final TableMapping ANY =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.NEWEST),
              new TableField("title", Owner.LEFT),
              new TableField("priority", Owner.NEWEST),
              new TableField("status", Owner.RIGHT)),
          Set.of());

  private static Engine engine;

  @BeforeContainer
  static void start() {
    engine = new Engine(ANY, SYSTEMS);
  }

  @AfterContainer
  static void stop() {
    engine.close();
  }

  /**
   * @param parents by system, from the second on, the one it is mapped to
   * @param flipped whether it is the left side of that mapping
   */
  record Tree(List<Integer> parents, List<Boolean> flipped) {

    int size() {
      return parents.size() + 1;
    }

    List<TableMapping> mappings() {
      List<TableMapping> mappings = new ArrayList<>();
      for (int child = 1; child < size(); child++) {
        String parent = "s" + parents.get(child - 1);
        boolean left = flipped.get(child - 1);
        mappings.add(
            ANY.between("m" + child, left ? "s" + child : parent, left ? parent : "s" + child));
      }
      return mappings;
    }
  }

  /**
   * @param field empty for a note
   */
  record Edit(int system, String field, String value) {}

  @Provide
  Arbitrary<Tree> trees() {
    return Arbitraries.integers()
        .between(2, 5)
        .flatMap(
            size ->
                Combinators.combine(
                        parents(size), Arbitraries.of(true, false).list().ofSize(size - 1))
                    .as(Tree::new));
  }

  private static Arbitrary<List<Integer>> parents(int size) {
    List<Arbitrary<Integer>> each = new ArrayList<>();
    for (int child = 1; child < size; child++) {
      each.add(Arbitraries.integers().between(0, child - 1));
    }
    return Combinators.combine(each).as(list -> list);
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 4),
            Arbitraries.of("title", "priority", "status", ""),
            Arbitraries.integers().between(1, 3))
        .as((system, field, value) -> new Edit(system, field, "v" + value))
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  /**
   * Webhooks arrive late and in any order; with {@code luck} some are lost and found by polling.
   */
  @Property(tries = 40)
  void endsInAgreementWithNoFurtherWrites(
      @ForAll("trees") Tree tree, @ForAll("edits") List<Edit> edits, @ForAll long luck) {
    Map<String, RecordRef> records = start(tree, luck);

    Random random = new Random(luck);
    List<Runnable> heard = new ArrayList<>();
    SYSTEMS.onChange(
        (ref, state) -> {
          synchronized (heard) {
            heard.add(() -> engine.receive(ref, state));
          }
        });
    List<String> notes = new ArrayList<>();
    for (Edit edit : edits) {
      RecordRef ref = records.get("s" + edit.system() % tree.size());
      if (edit.field().isEmpty()) {
        String text = "note <" + notes.size() + ">";
        notes.add(text);
        SYSTEMS.personNotes(ref, text, Visibility.INTERNAL);
      } else {
        SYSTEMS.person(ref, Map.of(edit.field(), edit.value()));
      }
    }
    SYSTEMS.onChange(engine::receive);
    Collections.shuffle(heard, random);
    heard.stream().filter(late -> random.nextInt(4) > 0).forEach(Runnable::run);
    engine.settle();
    poll(records);

    assertAgreement(records);
    assertEachNoteOnce(records, notes);
    assertNothingMoreIsWritten(records);
  }

  @Property(tries = 20)
  void anEditIsOneWritePerRecord(
      @ForAll("trees") Tree tree, @ForAll("edits") List<Edit> edits, @ForAll long luck) {
    Map<String, RecordRef> records = start(tree, luck);
    Edit edit = edits.get(0);
    String edited = "s" + edit.system() % tree.size();
    Map<String, Integer> before = updates(records);

    SYSTEMS.person(records.get(edited), Map.of("title", "new", "priority", "new", "status", "new"));
    engine.settle();

    assertAgreement(records);
    updates(records)
        .forEach(
            (system, writes) ->
                assertThat(writes - before.get(system))
                    .as(system)
                    .isEqualTo(system.equals(edited) ? 0 : 1));
  }

  /** A record in one of the systems, with its counterparts in all others. */
  private static Map<String, RecordRef> start(Tree tree, long luck) {
    SYSTEMS.onChange((ref, state) -> {});
    engine.forget();
    SYSTEMS.clear();
    engine.map(tree.mappings());
    SYSTEMS.onChange(engine::receive);
    String first = "s" + Math.floorMod(luck, tree.size());
    SYSTEMS.person(
        first, Map.of("scope", "yes", "title", "Down", "priority", "1", "status", "new"));
    engine.settle();
    Map<String, RecordRef> records = new LinkedHashMap<>();
    for (int i = 0; i < tree.size(); i++) {
      assertThat(SYSTEMS.all("s" + i)).as("s" + i).hasSize(1);
      records.put("s" + i, SYSTEMS.all("s" + i).get(0));
    }
    return records;
  }

  private static void poll(Map<String, RecordRef> records) {
    for (RecordRef ref : records.values()) {
      engine.bean(Inbox.class).receive(engine.event("poll", ref, SYSTEMS.peek(ref)));
    }
    engine.settle();
  }

  private static void assertAgreement(Map<String, RecordRef> records) {
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    Map<String, String> expected = mapped(records.get("s0"));
    records.forEach((system, ref) -> assertThat(mapped(ref)).as(system).isEqualTo(expected));
  }

  private static Map<String, String> mapped(RecordRef ref) {
    Map<String, String> values = new LinkedHashMap<>(SYSTEMS.values(ref));
    values.keySet().retainAll(FIELDS);
    return values;
  }

  private static void assertEachNoteOnce(Map<String, RecordRef> records, List<String> notes) {
    for (String note : notes) {
      records.forEach(
          (system, ref) ->
              assertThat(SYSTEMS.noteTexts(ref).stream().filter(text -> text.contains(note)))
                  .as("%s on %s", note, system)
                  .hasSize(1));
    }
  }

  private static void assertNothingMoreIsWritten(Map<String, RecordRef> records) {
    Map<String, Integer> before = updates(records);
    Map<String, List<String>> notes = new LinkedHashMap<>();
    records.values().forEach(ref -> notes.put(ref.toString(), SYSTEMS.noteTexts(ref)));
    poll(records);
    records.values().forEach(ref -> engine.receive(ref, SYSTEMS.peek(ref)));
    engine.settle();
    assertThat(updates(records)).isEqualTo(before);
    records
        .values()
        .forEach(ref -> assertThat(SYSTEMS.noteTexts(ref)).isEqualTo(notes.get(ref.toString())));
  }

  private static Map<String, Integer> updates(Map<String, RecordRef> records) {
    Map<String, Integer> updates = new LinkedHashMap<>();
    records.keySet().forEach(system -> updates.put(system, SYSTEMS.calls("update " + system)));
    return updates;
  }
}
