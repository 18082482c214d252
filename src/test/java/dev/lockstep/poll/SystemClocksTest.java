package dev.lockstep.poll;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.ConnectorHealth;
import dev.lockstep.connector.ConnectorHealth.ClockBounds;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is stored of the systems' clocks, and how times are corrected by it. */
class SystemClocksTest {
  private final HikariDataSource database = TestDatabase.migrated();
  private final JdbcClient jdbc = JdbcClient.create(database);
  private final SettableClock clock = new SettableClock();
  private final Instant start = clock.instant();
  private @Nullable ClockBounds shown;
  private final SystemClocks clocks = new SystemClocks(jdbc, this::health, clock);

  @AfterEach
  void close() {
    database.close();
  }

  private List<ConnectorHealth.Health> health() {
    return List.of(
        new ConnectorHealth.Health(
            "itsm",
            "ITSM",
            "CLOSED",
            null,
            new ConnectorHealth.CallBudget(1, 1, Duration.ofMinutes(1)),
            "",
            false,
            shown));
  }

  /** An answer that took {@code took}, by a clock that is that far ahead. */
  private void answer(Duration ahead, Duration took) {
    clock.advance(Duration.ofMinutes(1));
    shown = new ClockBounds(ahead.minus(took), ahead.plusSeconds(1));
    clocks.measure();
  }

  private long stored() {
    return jdbc.sql("select count(*) from clock_difference").query(Long.class).single();
  }

  @Test
  void storesNothingBeforeTheFirstAnswer() {
    clocks.measure();
    assertThat(stored()).isZero();
    assertThat(clocks.latest()).isEmpty();
    assertThat(clocks.spans().toOwnTime("itsm", start)).isEqualTo(start);
  }

  @Test
  void storesADifferenceOnceAndAgainOnlyWhenAnAnswerContradictsIt() {
    answer(Duration.ZERO, Duration.ofMillis(100));
    assertThat(clocks.latest()).containsEntry("itsm", Duration.ZERO);
    answer(Duration.ofSeconds(2), Duration.ofMillis(100));
    // So slow that it says nothing.
    answer(Duration.ofSeconds(30), Duration.ofSeconds(30));
    assertThat(stored()).isOne();

    answer(Duration.ofMinutes(5), Duration.ofMillis(100));
    answer(Duration.ofMinutes(5).plusSeconds(1), Duration.ofMillis(100));
    assertThat(stored()).isEqualTo(2);
    assertThat(clocks.latest().get("itsm"))
        .isBetween(Duration.ofSeconds(300), Duration.ofSeconds(301));
    answer(Duration.ofMinutes(-3), Duration.ofMillis(100));
    assertThat(stored()).isEqualTo(3);
    assertThat(clocks.latest().get("itsm")).isNegative();
  }

  @Test
  void correctsEachTimeByTheDifferenceThatWasValidThen() {
    answer(Duration.ofMinutes(10), Duration.ZERO);
    Duration first = clocks.latest().get("itsm");
    clock.advance(Duration.ofHours(1));
    answer(Duration.ZERO, Duration.ZERO);
    Instant set = clock.instant();

    assertThat(clocks.spans().ahead("itsm", start.minus(Duration.ofDays(900)))).isEqualTo(first);
    assertThat(clocks.spans().ahead("itsm", set.minusSeconds(1))).isEqualTo(first);
    // Shown twice: before and after it was set back.
    assertThat(clocks.spans().ahead("itsm", set.plusSeconds(1))).isZero();
    assertThat(clocks.spans().ahead("other", set)).isZero();
  }

  @Test
  void aClockThatIsSetAheadLeavesNoTimeUncovered() {
    answer(Duration.ZERO, Duration.ZERO);
    clock.advance(Duration.ofHours(1));
    answer(Duration.ofMinutes(10), Duration.ZERO);
    Instant set = clock.instant();
    assertThat(clocks.spans().ahead("itsm", set.plus(Duration.ofMinutes(5)))).isZero();
    assertThat(clocks.spans().ahead("itsm", set.plus(Duration.ofMinutes(11))))
        .isGreaterThan(Duration.ofMinutes(9));
  }
}
