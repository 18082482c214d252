package dev.lockstep.sandbox.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes on their way, and how long each took. A value that was overtaken by a later one of the
 * same field has arrived when the later one did. Thread-safe.
 */
final class Arrivals {
  private record Expected(String value, long madeAt) {}

  private final Map<String, Deque<Expected>> waiting = new HashMap<>();
  private final List<Long> lags = new ArrayList<>();

  /**
   * To be called before the change is made.
   *
   * @param place where it will be seen: record and field
   * @param madeAt by {@link System#nanoTime()}, when the change was due by the schedule
   */
  synchronized void expect(String place, String value, long madeAt) {
    waiting.computeIfAbsent(place, any -> new ArrayDeque<>()).add(new Expected(value, madeAt));
  }

  synchronized void arrived(String place, String value) {
    long now = System.nanoTime();
    Deque<Expected> queue = waiting.get(place);
    if (queue == null || queue.stream().noneMatch(expected -> expected.value().equals(value))) {
      return;
    }
    Expected first;
    do {
      first = queue.remove();
      lags.add(now - first.madeAt());
    } while (!first.value().equals(value));
    if (queue.isEmpty()) {
      waiting.remove(place);
    }
  }

  synchronized int missing() {
    return waiting.values().stream().mapToInt(Deque::size).sum();
  }

  /** In milliseconds. */
  synchronized Lags lags() {
    return new Lags(lags.stream().mapToDouble(nanos -> nanos / 1e6).sorted().toArray());
  }

  /** Sorted. */
  record Lags(double[] millis) {
    /** The nearest rank: so many percent arrived within it. */
    double percentile(double percent) {
      if (millis.length == 0) {
        return Double.NaN;
      }
      int rank = (int) Math.ceil(percent / 100 * millis.length);
      return millis[Math.max(0, Math.min(millis.length, rank) - 1)];
    }
  }
}
