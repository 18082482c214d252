package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values that are written once their source has been unchanged for a while. */
class DelayedWritesTest {
  private static final Duration DELAY = Duration.ofHours(3);
  private static final FakeSystems systems = new FakeSystems();
  private static Engine engine;

  @BeforeAll
  static void start() {
    TableMapping mapping =
        new TableMapping(
                List.of(
                    new TableField("title", Owner.NEWEST),
                    new TableField("archived", Owner.LEFT).onlyToRight()),
                Set.of())
            .delaying(Side.RIGHT, "archived", "true", DELAY);
    engine = new Engine(mapping, systems);
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void forget() {
    engine.forget();
    engine.jdbc.sql("delete from scheduled_tasks where task_name = 'look-at-record'").update();
    systems.forget();
    systems.sinceLastChange(Duration.ZERO);
    systems.onChange((ref, state) -> engine.receive(ref, state));
  }

  private static RecordRef linked() {
    RecordRef ticket =
        systems.person("itsm", Map.of("scope", "yes", "title", "Down", "archived", "false"));
    engine.settle();
    return ticket;
  }

  private static Map<String, String> values() {
    return systems.values(systems.all("platform").get(0));
  }

  private static int scheduled(String when) {
    return engine
        .jdbc
        .sql(
            "select count(*) from scheduled_tasks where task_name = 'look-at-record' and "
                + "execution_time "
                + when)
        .query(Integer.class)
        .single();
  }

  /** As after the delay, by the clock of the system and by that of Lockstep. */
  private static void pass(Duration time) {
    systems.sinceLastChange(time);
    engine
        .jdbc
        .sql("update scheduled_tasks set execution_time = now() where task_name = 'look-at-record'")
        .update();
    Awaitility.await().until(() -> scheduled("<= now()") == 0);
    engine.settle();
  }

  @Test
  void itIsWrittenWhenItsTimeHasCome() {
    RecordRef ticket = linked();
    systems.person(ticket, Map.of("archived", "true", "title", "Closed"));
    engine.settle();
    assertThat(values()).containsEntry("title", "Closed").containsEntry("archived", "false");
    assertThat(scheduled("between now() + interval '2 hours' and now() + interval '4 hours'"))
        .isEqualTo(1);

    pass(DELAY);
    assertThat(values()).containsEntry("archived", "true");
    assertThat(scheduled("is not null")).isZero();
  }

  @Test
  void itWaitsAsLongAsTheSourceChanges() {
    RecordRef ticket = linked();
    systems.person(ticket, Map.of("archived", "true"));
    engine.settle();
    pass(DELAY.minusMinutes(10));
    assertThat(values()).containsEntry("archived", "false");
    assertThat(scheduled("> now()")).as("it is scheduled again").isEqualTo(1);
  }

  @Test
  void whatWasTakenBackMeanwhileIsNeverWritten() {
    RecordRef ticket = linked();
    systems.person(ticket, Map.of("archived", "true"));
    engine.settle();
    systems.person(ticket, Map.of("archived", "false"));
    engine.settle();
    int updates = systems.calls("update platform");

    pass(DELAY);
    assertThat(values()).containsEntry("archived", "false");
    assertThat(systems.calls("update platform")).isEqualTo(updates);
  }
}
