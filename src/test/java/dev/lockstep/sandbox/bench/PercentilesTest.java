package dev.lockstep.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class PercentilesTest {

  @Test
  void areNearestRanks() {
    var lags = new Percentiles(DoubleStream.iterate(1, n -> n + 1).limit(200).toArray());
    assertThat(lags.at(99)).isEqualTo(198);
    assertThat(lags.at(50)).isEqualTo(100);
    assertThat(new Percentiles(new double[0]).at(99)).isNaN();
  }

  @Test
  void areSortedMilliseconds() {
    assertThat(Percentiles.ofNanos(List.of(3_000_000L, 500_000L)).millis())
        .containsExactly(0.5, 3.0);
  }
}
