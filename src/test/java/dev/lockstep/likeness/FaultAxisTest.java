package dev.lockstep.likeness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class FaultAxisTest {
  private final FaultAxis axis = FaultAxis.load();

  @Test
  void theNumbersAreThoseOfTheSentences() {
    float[] computed = mean("+ ");
    float[] requests = mean("- ");
    for (int i = 0; i < computed.length; i++) {
      computed[i] -= requests[i];
    }
    assertThat(axis.of(computed) / dot(computed, computed)).isCloseTo(1, within(0.02));
  }

  @Test
  void tellsFaultsFromRequests() {
    assertThat(axis.of(Tickets.MODEL.of("Nobody in the shop can take payments"))).isPositive();
    assertThat(axis.of(Tickets.MODEL.of("Can I have a second chair for my office?"))).isNegative();
    assertThat(axis.of(null)).isZero();
    assertThat(axis.of(new float[] {1, 0})).isZero();
  }

  private static float[] mean(String mark) {
    float[] sum = new float[0];
    for (String line : FaultAxis.lines()) {
      if (line.startsWith(mark)) {
        float[] one = Tickets.MODEL.of(line.substring(mark.length()));
        sum = sum.length == 0 ? new float[one.length] : sum;
        for (int i = 0; i < one.length; i++) {
          sum[i] += one[i];
        }
      }
    }
    double length = Math.sqrt(dot(sum, sum));
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= (float) length;
    }
    return sum;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
