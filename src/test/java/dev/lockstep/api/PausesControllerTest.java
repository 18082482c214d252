package dev.lockstep.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pause.PauseScope;
import dev.lockstep.pause.Pauses;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.NamesToPause;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.server.ResponseStatusException;

/** What the API answers to good and bad requests about pauses. */
class PausesControllerTest {
  private static final FakeSystems SYSTEMS = new FakeSystems();
  private static final Engine ENGINE =
      new Engine(
          new TableMapping(
              List.of(new TableField("scope", Owner.NEWEST), new TableField("title", Owner.NEWEST)),
              Set.of()),
          SYSTEMS);

  private final PausesController api =
      new PausesController(
          ENGINE.bean(Pauses.class),
          new NamesToPause(Set.of("itsm", "platform", "both"), Set.of("test", "both")),
          Clock.systemUTC());

  @BeforeEach
  void forget() {
    ENGINE.jdbc.sql("truncate pause, audit").update();
    assertThat(ENGINE.bean(Pauses.class).resume(scope("itsm"), "x")).isEmpty();
  }

  private static PauseScope scope(String system) {
    return PauseScope.system(system);
  }

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  @Test
  void startsListsAndEndsAPauseAndTheAuditSaysWhoAndWhy() {
    var started = api.pause("itsm", "import", "8h", user("kim"));
    assertThat(started.scope()).isEqualTo("system:itsm");
    assertThat(Duration.between(started.since(), started.until()))
        .isCloseTo(Duration.ofHours(8), Duration.ofSeconds(5));
    SYSTEMS.onChange(ENGINE::receive);
    SYSTEMS.person("itsm", Map.of("scope", "yes", "title", "Down"));
    ENGINE.settleUnpaused();

    assertThat(api.list().pauses())
        .singleElement()
        .satisfies(
            pause -> {
              assertThat(pause.waiting()).isEqualTo(1);
              assertThat(pause.by()).isEqualTo("kim");
              assertThat(pause.reason()).isEqualTo("import");
              assertThat(pause.freeze()).isFalse();
            });
    assertThat(api.pause("test", null, "", user("lee")).until()).isNull();

    var resumed = api.resume("system:itsm", user("lee"));
    assertThat(resumed.stillPaused()).singleElement().extracting("scope").isEqualTo("mapping:test");
    assertThat(resumed.scheduled()).isEqualTo(1);
    api.resume("test", user("lee"));
    ENGINE.settle();
    assertThat(SYSTEMS.all("platform")).hasSize(1);

    assertThat(ENGINE.bean(AuditStore.class).findAll(new AuditSubject("pause", "system:itsm")))
        .extracting(event -> event.entry().what() + " by " + event.entry().actor())
        .containsExactly("paused by kim", "resumed by lee");
    assertThat(
            ENGINE
                .bean(AuditStore.class)
                .findAll(new AuditSubject("pause", "system:itsm"))
                .get(0)
                .entry()
                .details())
        .containsEntry("reason", "import")
        .containsKey("until");
  }

  @Test
  void aPauseThatExistsGetsTheNewReasonAndEnd() {
    api.pause("itsm", "one", "1h", user("kim"));
    api.pause("itsm", "two", "", user("lee"));
    assertThat(api.list().pauses())
        .singleElement()
        .satisfies(
            pause -> {
              assertThat(pause.reason()).isEqualTo("two");
              assertThat(pause.until()).isNull();
            });
  }

  @Test
  void saysWhatThereIsToPause() {
    assertRefused(
        () -> api.pause("jria", null, "", user("lee")),
        400,
        "\"jria\" is neither a system (both, itsm, platform) nor a mapping in use (both, test)");
    assertRefused(
        () -> api.pause("both", null, "", user("lee")),
        400,
        "\"both\" is a system and a mapping; write system:both or mapping:both");
    assertThat(api.pause("mapping:both", null, "", user("lee")).scope()).isEqualTo("mapping:both");
  }

  @Test
  void saysWhatIsWrongWithADurationOrReason() {
    for (String wrong : List.of("8", "soon", "-1h", "0s", "9999d", "99999999999999999999h")) {
      assertRefused(
          () -> api.pause("itsm", null, wrong, user("lee")),
          400,
          "for: \"" + wrong + "\" is no duration from 1s to 366d; write it like 30m, 8h or 2d");
    }
    assertRefused(
        () -> api.pause("itsm", "a\nb", "", user("lee")),
        400,
        "reason: contains a control character");
    assertThat(api.list().pauses()).isEmpty();
  }

  @Test
  void whatIsNotPausedCannotBeResumed() {
    assertRefused(
        () -> api.resume("itsm", user("lee")),
        404,
        "system itsm is not paused on its own; nothing is");
    api.pause("", "move", "", user("kim"));
    assertRefused(
        () -> api.resume("itsm", user("lee")),
        404,
        "system itsm is not paused on its own; everything is paused by kim: move");
    assertThat(api.resume("", user("lee")).resumed()).isEqualTo("all");
  }

  private static void assertRefused(Runnable request, int status, String reason) {
    assertThatThrownBy(request::run)
        .isInstanceOfSatisfying(
            ResponseStatusException.class,
            refused -> {
              assertThat(refused.getStatusCode().value()).isEqualTo(status);
              assertThat(refused.getReason()).isEqualTo(reason);
            });
  }

  private static Principal user(String name) {
    return () -> name;
  }
}
