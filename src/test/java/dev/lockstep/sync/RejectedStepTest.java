package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pause.PauseScope;
import dev.lockstep.pause.Pauses;
import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A step that a system rejects waits for an operator, once, while the others are retried. */
class RejectedStepTest {
  private static final TableMapping ANY =
      new TableMapping(
          List.of(new TableField("scope", Owner.NEWEST), new TableField("title", Owner.NEWEST)),
          Set.of());

  private final FakeSystems systems = new FakeSystems();
  private final Engine engine = new Engine(ANY, systems);
  private volatile boolean rejects = true;
  private volatile boolean away = true;
  private RecordRef middle;

  @BeforeEach
  void begin() {
    engine.map(List.of(ANY.between("ab", "a", "b"), ANY.between("bc", "b", "c")));
    systems.onChange(engine::receive);
    middle = systems.person("b", Map.of("scope", "yes", "title", "old"));
    engine.settle();
    systems.failBefore(
        call -> {
          if (call.equals("update a") && rejects) {
            throw new RequestRejectedException(400, "PUT a", "no such title", "Correct it.");
          }
          if (call.equals("update c") && away) {
            throw new SystemUnavailableException("c does not answer");
          }
        });
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static void await(BooleanSupplier condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(10))
        .until(condition::getAsBoolean);
  }

  private List<DeadLetters.DeadLetter> letters() {
    return engine.bean(DeadLetters.class).list();
  }

  private DeadLetters.DeadLetter awaitLetterWhileRetrying() {
    await(() -> letters().size() == 1);
    int before = systems.calls("update c");
    await(() -> systems.calls("update c") > before + 2);
    assertThat(letters()).hasSize(1);
    return letters().get(0);
  }

  private String title(String system) {
    return systems.values(systems.all(system).get(0)).get("title");
  }

  @Test
  void isADeadLetterAndNotRepeatedWhileAnotherSystemIsAway() {
    systems.person(middle, Map.of("title", "new"));
    DeadLetters.DeadLetter letter = awaitLetterWhileRetrying();
    assertThat(letter.answer()).isEqualTo("no such title");
    assertThat(letter.advice()).isEqualTo("Correct it.");
    assertThat(systems.calls("update a")).isEqualTo(1);

    away = false;
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertThat(title("a")).isEqualTo("old");
    assertThat(letters()).singleElement().extracting("id").isEqualTo(letter.id());
    // The echo of the write to c may be news to a dead letter.
    assertThat(systems.calls("update a")).isLessThanOrEqualTo(2);

    rejects = false;
    assertThat(engine.bean(DeadLetters.class).retry(letter.id(), "kim")).isTrue();
    engine.settle();
    assertThat(title("a")).isEqualTo("new");
    assertThat(letters()).isEmpty();
  }

  @Test
  void isTriedAgainWhenAnOperatorSaysSoWhileTheOthersAreStillRetried() {
    systems.person(middle, Map.of("title", "new"));
    DeadLetters.DeadLetter letter = awaitLetterWhileRetrying();

    rejects = false;
    assertThat(engine.bean(DeadLetters.class).retry(letter.id(), "kim")).isTrue();
    await(() -> title("a").equals("new") && letters().isEmpty());
    assertThat(title("c")).isEqualTo("old");

    away = false;
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertThat(letters()).isEmpty();
  }

  @Test
  void isLeftOutWhenAnOperatorDiscardsIt() {
    systems.person(middle, Map.of("title", "new"));
    DeadLetters.DeadLetter letter = awaitLetterWhileRetrying();
    assertThat(engine.bean(DeadLetters.class).discard(letter.id(), "kim")).isTrue();
    int before = systems.calls("update c");
    await(() -> systems.calls("update c") > before + 1);
    assertThat(letters()).isEmpty();

    away = false;
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertThat(letters()).isEmpty();
    assertThat(systems.calls("update a")).isEqualTo(1);
  }

  @Test
  void isTriedAgainWhenItsRecordsChange() {
    systems.person(middle, Map.of("title", "new"));
    awaitLetterWhileRetrying();
    rejects = false;
    systems.person(middle, Map.of("title", "newer"));
    await(() -> title("a").equals("newer") && letters().isEmpty());
    away = false;
    engine.settle();
    assertThat(title("c")).isEqualTo("newer");
  }

  @Test
  void isADeadLetterWhileTheRestIsPaused() {
    away = false;
    engine.bean(Pauses.class).pause(PauseScope.system("c"), "", "kim", null);
    systems.person(middle, Map.of("title", "new"));
    await(() -> letters().size() == 1);
    engine.settleUnpaused();
    String id = letters().get(0).id();
    assertThat(systems.calls("update a")).isEqualTo(1);

    engine.bean(Pauses.class).resume(PauseScope.system("c"), "kim");
    engine.settle();
    assertThat(title("c")).isEqualTo("new");
    assertThat(letters()).singleElement().extracting("id").isEqualTo(id);
    assertThat(systems.calls("update a")).isLessThanOrEqualTo(2);
  }

  @Test
  void itSurvivesARestart() {
    systems.person(middle, Map.of("title", "new"));
    awaitLetterWhileRetrying();
    engine.stop();
    engine.start();
    assertThat(letters()).hasSize(1);
    int before = systems.calls("update c");
    await(() -> systems.calls("update c") > before + 1);
    // Its outcome is unknown to the new process only if it died during an attempt.
    assertThat(systems.calls("update a")).isEqualTo(1);
  }
}
