package dev.lockstep.poll;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.connector.Finding;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemWatch;
import dev.lockstep.poll.SystemStates.CheckState;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of the results of the checks that are asked while Lockstep runs. */
final class RecurringChecksTest {
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private static final String UP = "lockstep.check.up";

  private final SettableClock clock = new SettableClock();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final AuditStore audit =
      new AuditStore(JdbcClient.create(DATABASE), new ObjectMapper(), clock);
  private final List<String> asked = new ArrayList<>();
  private Status status = Status.PASS;
  private List<String> repaired = List.of();
  private boolean away;

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @BeforeEach
  void empty() {
    JdbcClient.create(DATABASE).sql("truncate system_check").update();
  }

  private RecurringChecks checks(boolean repair) {
    return checks(repair, metrics);
  }

  private RecurringChecks checks(boolean repair, MeterRegistry processMetrics) {
    PollTarget incidents = new PollTarget("platform", "incident", Duration.ofMinutes(1));
    PollTarget changes = new PollTarget("platform", "change", Duration.ofMinutes(1));
    return new RecurringChecks(
        new Answers(),
        new PollTarget.Plan(List.of(incidents, changes)),
        () -> Map.of("platform", Set.of("opened")),
        audit,
        new CheckResultStore(JdbcClient.create(DATABASE)),
        new CheckSettings(Duration.ofMinutes(5), repair),
        processMetrics,
        clock);
  }

  private final class Answers implements SystemWatch {
    @Override
    public List<String> repairable(String system) {
      return List.of("webhook");
    }

    @Override
    public Watched watch(String system, String name, Set<String> eventTypes, boolean repairs) {
      asked.add(system + " " + name + " " + eventTypes + " " + repairs);
      if (away) {
        throw new RetryLaterException(Duration.ofMinutes(1), "429");
      }
      return new Watched(
          new Finding(system, "Platform", name, status, "it is off", "Look."), repaired);
    }
  }

  private double up() {
    return metrics.get(UP).tags("system", "platform", "check", "webhook").gauge().value();
  }

  @Test
  void asksEachSystemOnceWithTheEventTypesOfItsWebhooks() {
    checks(true).run();
    checks(false).run();
    assertThat(asked)
        .containsExactly("platform webhook [opened] true", "platform webhook [opened] false");
  }

  @Test
  void aFailureShowsInTheMetricUntilItIsOver() {
    RecurringChecks checks = checks(true);
    assertThat(up()).isEqualTo(1);
    status = Status.FAIL;
    run(checks);
    assertThat(up()).isZero();
    away = true;
    run(checks);
    assertThat(up()).isZero();
    away = false;
    status = Status.WARNING;
    run(checks);
    assertThat(up()).isEqualTo(1);
  }

  /** What was read of the table is used for a moment. */
  private void run(RecurringChecks checks) {
    checks.run();
    clock.advance(Duration.ofSeconds(2));
  }

  private SystemStates.Check shown(RecurringChecks checks) {
    assertThat(checks.states("itsm")).isEmpty();
    return checks.states("platform").get(0);
  }

  @Test
  void whatNobodyAskedIsUnknown() {
    assertThat(shown(checks(true)))
        .isEqualTo(
            new SystemStates.Check("webhook", CheckState.UNKNOWN, "", "", null, List.of(), null));
  }

  /** Each check runs in one process, and any may be asked for the state. */
  @Test
  void everyProcessShowsWhatOneOfThemFound() {
    RecurringChecks other = checks(true, new SimpleMeterRegistry());
    status = Status.FAIL;
    Instant asked = clock.instant();
    run(checks(true));
    SystemStates.Check shown = shown(other);
    assertThat(shown)
        .isEqualTo(
            new SystemStates.Check(
                "webhook", CheckState.FAIL, "it is off", "Look.", asked, List.of(), null));
  }

  /** The system may be away or paused since: neither good nor bad is known of it. */
  @ParameterizedTest
  @EnumSource(Status.class)
  void anOldAnswerProvesNothing(Status answer) {
    status = answer;
    RecurringChecks checks = checks(true);
    run(checks);
    assertThat(shown(checks).state()).isEqualTo(CheckState.valueOf(answer.name()));
    away = true;
    clock.advance(Duration.ofMinutes(15));
    run(checks);
    assertThat(shown(checks).state()).isEqualTo(CheckState.UNKNOWN);
    assertThat(shown(checks).found()).isEqualTo("it is off");
    away = false;
    run(checks);
    assertThat(shown(checks).state()).isEqualTo(CheckState.valueOf(answer.name()));
  }

  @Test
  void whatWasSwitchedOnAgainRemainsKnown() {
    RecurringChecks checks = checks(true);
    repaired = List.of("PSUB1", "PSUB2");
    Instant at = clock.instant();
    run(checks);
    repaired = List.of();
    run(checks);
    assertThat(shown(checks).repaired()).containsExactly("PSUB1", "PSUB2");
    assertThat(shown(checks).repairedAt()).isEqualTo(at);
    repaired = List.of("PSUB3");
    run(checks);
    assertThat(shown(checks).repaired()).containsExactly("PSUB3");
  }

  /** Another process asks by now. */
  @Test
  void anOldFailureIsForgotten() {
    status = Status.FAIL;
    checks(true).run();
    clock.advance(Duration.ofMinutes(15));
    assertThat(up()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(up()).isEqualTo(1);
  }

  @Test
  void aRepairIsCountedAndInTheAudit() {
    repaired = List.of("PSUB1");
    checks(true).run();
    assertThat(
            metrics
                .get("lockstep.check.repairs")
                .tags("system", "platform", "check", "webhook")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(audit.findAll(new AuditSubject("check", "platform/webhook")))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.entry().text())
                    .isEqualTo(
                        "Platform had switched off the webhook PSUB1; it was switched on again"));
  }
}
