package dev.lockstep.sandbox.bench;

import java.util.Collection;

/**
 * Durations, to be asked for their percentiles.
 *
 * @param millis sorted
 */
record Percentiles(double[] millis) {

  static Percentiles ofNanos(Collection<Long> nanos) {
    return new Percentiles(nanos.stream().mapToDouble(n -> n / 1e6).sorted().toArray());
  }

  /** The nearest rank, in milliseconds: so many percent took no longer. NaN when there are none. */
  double at(double percent) {
    if (millis.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(percent / 100 * millis.length);
    return millis[Math.max(0, Math.min(millis.length, rank) - 1)];
  }
}
