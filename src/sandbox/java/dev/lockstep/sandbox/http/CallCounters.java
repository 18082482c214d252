package dev.lockstep.sandbox.http;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls over HTTP, refusals and injected faults included. Thread-safe. */
public final class CallCounters {

  private final String notCounted;
  private final Map<String, LongAdder> byMethod = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> byRoute = new ConcurrentHashMap<>();
  private final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();

  /**
   * @param notCounted the route that counts neither as a read nor as a write, such as OAuth's; may
   *     be empty
   */
  public CallCounters(String notCounted) {
    this.notCounted = notCounted;
  }

  /** A call was answered; {@code route} is its path with ids written as {@code {id}}. */
  void count(String method, String route, int status) {
    if (!route.equals(notCounted)) {
      byMethod.computeIfAbsent(method, any -> new LongAdder()).increment();
    }
    byRoute.computeIfAbsent(method + " " + route, any -> new LongAdder()).increment();
    byStatus.computeIfAbsent(status, any -> new LongAdder()).increment();
  }

  /** Calls of each HTTP method. */
  public Map<String, Long> byMethod() {
    return summed(byMethod);
  }

  /** Calls of each method and path, ids written as {@code {id}}: {@code PUT /incidents/{id}}. */
  public Map<String, Long> byRoute() {
    return summed(byRoute);
  }

  /** Calls by the status that was, or would have been, answered; 0 for a reset connection. */
  public Map<Integer, Long> byStatus() {
    return summed(byStatus);
  }

  /** All calls that only read. */
  public long reads() {
    return byMethod().getOrDefault("GET", 0L);
  }

  /** All other calls. */
  public long writes() {
    return byMethod().values().stream().mapToLong(Long::longValue).sum() - reads();
  }

  private static <K extends Comparable<K>> Map<K, Long> summed(Map<K, LongAdder> counts) {
    Map<K, Long> sums = new TreeMap<>();
    counts.forEach((key, count) -> sums.put(key, count.sum()));
    return sums;
  }
}
