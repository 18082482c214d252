package dev.lockstep.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What a measurement counts as arrived; a mistake here would flatter every figure. */
final class ArrivalsTest {
  private final Arrivals arrivals = new Arrivals();

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
    assertThat(arrivals.lags().percentile(100)).isGreaterThanOrEqualTo(2000);
    assertThat(arrivals.lags().percentile(50)).isBetween(1000.0, 2000.0);
  }

  @Test
  void percentilesAreNearestRanks() {
    var lags = new Arrivals.Lags(DoubleStream.iterate(1, n -> n + 1).limit(200).toArray());
    assertThat(lags.percentile(99)).isEqualTo(198);
    assertThat(lags.percentile(50)).isEqualTo(100);
    assertThat(new Arrivals.Lags(new double[0]).percentile(99)).isNaN();
  }
}
