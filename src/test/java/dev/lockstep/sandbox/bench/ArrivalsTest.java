package dev.lockstep.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a measurement counts as arrived; a mistake here would flatter every figure. */
final class ArrivalsTest {
  private final Arrivals arrivals = new Arrivals(System.nanoTime() - 10_000_000_000L);

  @Test
  void anEditIsMissingUntilItsOwnValueArrives() {
    arrivals.expect("P1 title", "edit-1", System.nanoTime());
    arrivals.arrived("P1 title", "edit-0");
    arrivals.arrived("P2 title", "edit-1");
    assertThat(arrivals.missing()).isEqualTo(1);
    arrivals.arrived("P1 title", "edit-1");
    assertThat(arrivals.missing()).isZero();
    assertThat(arrivals.lags().millis()).hasSize(1);
  }

  @Test
  void anOvertakenEditHasTheLagOfTheOneThatOvertookIt() {
    long now = System.nanoTime();
    arrivals.expect("P1 title", "edit-1", now - 2_000_000_000L);
    arrivals.expect("P1 title", "edit-2", now - 1_000_000_000L);
    arrivals.arrived("P1 title", "edit-2");
    assertThat(arrivals.missing()).isZero();
    assertThat(arrivals.lags().at(100)).isGreaterThanOrEqualTo(2000);
    assertThat(arrivals.lags().at(50)).isBetween(1000.0, 2000.0);
  }

  @Test
  void anEditDueBeforeTheMeasurementIsAwaitedButNotCounted() {
    long now = System.nanoTime();
    Arrivals counting = new Arrivals(now);
    counting.expect("P1 title", "edit-1", now - 1);
    counting.expect("P1 title", "edit-2", now);
    counting.arrived("P1 title", "edit-1");
    assertThat(counting.missing()).isEqualTo(1);
    assertThat(counting.counted()).isZero();
    assertThat(counting.lastAt()).isEqualTo(now);
    counting.arrived("P1 title", "edit-2");
    assertThat(counting.counted()).isEqualTo(1);
    assertThat(counting.lastAt()).isGreaterThan(now);
  }

  @Test
  void saysOfWhichFieldsEditsAreMissing() {
    arrivals.expect("P1 title", "edit-1", System.nanoTime());
    arrivals.expect("P1 note edit-2", "edit-2", System.nanoTime());
    arrivals.expect("P2 note edit-3", "edit-3", System.nanoTime());
    assertThat(arrivals.missingByField()).isEqualTo(Map.of("title", 1, "note", 2));
  }
}
