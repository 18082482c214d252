package dev.lockstep.sandbox.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes on their way, and how long each took. A value that was overtaken by a later one of the
 * same field has arrived when the later one did. Thread-safe.
 */
final class Arrivals {
  private record Expected(String value, long madeAt) {}

  private final long countedFrom;
  private final Map<String, Deque<Expected>> waiting = new HashMap<>();
  private final List<Long> lags = new ArrayList<>();
  private long lastAt;

  /**
   * @param countedFrom by {@link System#nanoTime()}: changes due earlier are awaited, but their
   *     lags are left out
   */
  Arrivals(long countedFrom) {
    this.countedFrom = countedFrom;
    this.lastAt = countedFrom;
  }

  /**
   * To be called before the change is made.
   *
   * @param place where it will be seen: record and field, separated by a space
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
      count(now, first.madeAt());
    } while (!first.value().equals(value));
    if (queue.isEmpty()) {
      waiting.remove(place);
    }
  }

  private void count(long now, long madeAt) {
    if (madeAt - countedFrom >= 0) {
      lags.add(now - madeAt);
      lastAt = now;
    }
  }

  synchronized int missing() {
    return waiting.values().stream().mapToInt(Deque::size).sum();
  }

  /** What is missing, counted by the field it belongs to: the second word of its place. */
  synchronized Map<String, Integer> missingByField() {
    Map<String, Integer> counts = new TreeMap<>();
    waiting.forEach(
        (place, queue) -> counts.merge(place.split(" ", -1)[1], queue.size(), Integer::sum));
    return counts;
  }

  synchronized Percentiles lags() {
    return Percentiles.ofNanos(lags);
  }

  /** Edits whose lag counts and that have arrived. */
  synchronized int counted() {
    return lags.size();
  }

  /** By {@link System#nanoTime()}; {@code countedFrom} before the first. */
  synchronized long lastAt() {
    return lastAt;
  }
}
