package dev.lockstep.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a rate holds, and whose limit was met when it does not. */
final class StepTest {
  private static final ProcessorTime BUSY = new ProcessorTime(30, 60, 95, 100);

  private static Step step(
      double lag, double late, int missing, long apart, ProcessorTime processors) {
    return new Step(
        50, 50, one(lag), one(late), Map.of("note", missing), 5, 4, 1, 0, apart, true, processors);
  }

  private static Percentiles one(double millis) {
    return new Percentiles(new double[] {millis});
  }

  @Test
  void holdsWhenLagIsWithinASecondAndNothingIsLost() {
    assertThat(step(1000, 0, 0, 0, BUSY).held()).isTrue();
    assertThat(step(1001, 0, 0, 0, BUSY).held()).isFalse();
    assertThat(step(10, 0, 1, 0, BUSY).held()).isFalse();
    assertThat(step(10, 0, 0, 1, BUSY).held()).isFalse();
    assertThat(step(Double.NaN, 0, 0, 0, BUSY).held()).isFalse();
  }

  @Test
  void namesWhoseLimitItIs() {
    assertThat(step(2000, 101, 0, 0, BUSY).limit()).startsWith("the load generator");
    assertThat(step(2000, 1, 0, 0, BUSY).limit()).startsWith("Lockstep");
    assertThat(step(2000, 1, 0, 0, new ProcessorTime(50, 45, 97, 100)).limit())
        .startsWith("the simulators");
    assertThat(step(2000, 1, 0, 0, new ProcessorTime(20, 40, 99, 100)).limit())
        .startsWith("the machine");
    assertThat(step(2000, 1, 0, 0, new ProcessorTime(30, 30, 61, 100)).limit())
        .startsWith("Lockstep");
  }

  @Test
  void processorTimeIsReadAsLinuxWritesIt() {
    assertThat(ProcessorTime.parse("cpu  10 1 5 70 4 2 3 5 9 9")).containsExactly(26, 100);
    ProcessorTime used = new ProcessorTime(30, 50, 90, 200).since(new ProcessorTime(10, 10, 10, 0));
    assertThat(used.benchmarkShare()).isEqualTo(10);
    assertThat(used.lockstepShare()).isEqualTo(20);
    assertThat(used.othersShare()).isEqualTo(10);
    assertThat(new ProcessorTime(0, 0, 0, 0).busyShare()).isZero();
  }
}
