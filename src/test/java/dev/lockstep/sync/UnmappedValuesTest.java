package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.PairCounts;
import dev.lockstep.pair.PairCounts.Unmapped;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.UnmappedValue;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A value without a row is counted when it appears on a record, once, however many passes see it.
 */
class UnmappedValuesTest {
  private static final FakeSystems systems = new FakeSystems();
  private static final TableMapping mapping = mapping(new TableField("level", Owner.NEWEST));
  private static Engine engine;

  private static TableMapping mapping(TableField level) {
    return new TableMapping(
        List.of(
            new TableField("scope", Owner.LEFT),
            new TableField("title", Owner.LEFT),
            level.line("L1", "R1").line("L2", "R2")),
        Set.of("nobody"));
  }

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
    systems.onChange(engine::receive);
  }

  private static RecordRef ticket(String level) {
    RecordRef ticket =
        systems.person("itsm", Map.of("scope", "yes", "title", "Down", "level", level));
    engine.settle();
    return ticket;
  }

  private static void edit(RecordRef record, String field, String value) {
    systems.person(record, Map.of(field, value));
    engine.settle();
  }

  private static List<Unmapped> found() {
    return engine.bean(PairCounts.class).countUnmapped(Instant.EPOCH, 10);
  }

  private static Map<String, Long> counts() {
    return found().stream()
        .collect(
            Collectors.toMap(
                each -> each.value().side().label() + " " + each.value().value(),
                Unmapped::recent));
  }

  @Test
  void countsAValueWhenItAppearsAndNotWithEachPass() {
    RecordRef ticket = ticket("L1");
    assertThat(found()).isEmpty();

    edit(ticket, "level", "L9");
    edit(ticket, "title", "Down everywhere");
    engine.bean(PairDecisions.class).reconcile(pair(ticket), "ann");
    engine.settle();
    assertThat(counts()).containsExactly(Map.entry("left L9", 1L));

    edit(ticket, "level", "L8");
    edit(ticket, "level", "L9");
    assertThat(counts()).containsOnly(Map.entry("left L9", 2L), Map.entry("left L8", 1L));

    edit(ticket, "level", "L2");
    edit(ticket, "level", "L9");
    ticket("L9");
    assertThat(counts()).containsOnly(Map.entry("left L9", 4L), Map.entry("left L8", 1L));
  }

  private static UUID pair(RecordRef ref) {
    return engine.bean(PairStore.class).findAll(ref).get(0).correlation();
  }

  @Test
  void namesMappingFieldSideAndValueAndAnExample() {
    RecordRef ticket = ticket("L1");
    edit(systems.all("platform").get(0), "level", "R9");

    assertThat(found())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.value())
                  .isEqualTo(new UnmappedValue("test", "level", Side.RIGHT, "R9"));
              assertThat(each.latest().id())
                  .isEqualTo(engine.bean(PairStore.class).findAll(ticket).get(0).id().toString());
              assertThat(each.firstAt()).isEqualTo(each.lastAt());
              assertThat(each.value().reason(mapping)).contains("no word for R9");
              assertThat(
                      each.value()
                          .reason(mapping(new TableField("level", Owner.NEWEST).line("L9", "R9"))))
                  .isEmpty();
            });
    Instant later = found().get(0).lastAt().plusSeconds(1);
    assertThat(engine.bean(PairCounts.class).countUnmapped(later, 10))
        .singleElement()
        .satisfies(each -> assertThat(each.recent()).isZero());
  }

  @Test
  void aValueThatIsThereWhenTheCounterpartIsCreatedCountsOnce() {
    RecordRef ticket = ticket("L9");
    edit(ticket, "title", "Down everywhere");

    assertThat(counts()).containsExactly(Map.entry("left L9", 1L));
  }

  @Test
  void aPassThatIsRepeatedAfterAFailureCountsOnce() {
    RecordRef ticket = ticket("L1");
    AtomicBoolean failed = new AtomicBoolean();
    systems.failBefore(
        call -> {
          if (call.equals("update platform") && failed.compareAndSet(false, true)) {
            throw new SystemUnavailableException("away");
          }
        });

    systems.person(ticket, Map.of("title", "Down everywhere", "level", "L9"));
    engine.settle();

    assertThat(failed).isTrue();
    assertThat(counts()).containsExactly(Map.entry("left L9", 1L));
  }

  /** It would not fit into the index. */
  @Test
  void aLongValueCountsByItsBeginning() {
    RecordRef ticket = ticket("L1");
    String random =
        new Random(7)
            .ints(40_000, 0x4e00, 0x9fa5)
            .mapToObj(Character::toString)
            .collect(Collectors.joining());

    edit(ticket, "level", random);

    assertThat(found())
        .singleElement()
        .satisfies(each -> assertThat(random).startsWith(each.value().value()));
    assertThat(engine.jdbc.sql("select count(*) from inbox_entry").query(Long.class).single())
        .isZero();
  }

  @Test
  void aGapOfAnotherKindIsNoValueWithoutARow() {
    RecordRef ticket = ticket("L1");
    edit(systems.all("platform").get(0), "title", "nobody");

    assertThat(engine.bean(PairStore.class).findAll(ticket).get(0).gaps()).containsKey("title");
    assertThat(found()).isEmpty();
  }

  @Test
  void aValueThatKeepsARecordOutOfScopeCountsOnceForTheRecord() {
    RecordRef incident = systems.person("platform", Map.of("scope", "SEV-1", "title", "High"));
    engine.settle();
    edit(incident, "title", "Higher");
    systems.person("platform", Map.of("scope", "SEV-1", "title", "Low"));
    engine.settle();

    assertThat(counts()).containsExactly(Map.entry("right SEV-1", 2L));
    assertThat(found().get(0).latest().kind()).isEqualTo("record");
  }
}
