package dev.lockstep.sandbox.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * Calls the sandboxes were asked, by system, method and path.
 *
 * @param byRoute for example {@code pagerduty PUT /incidents/{id}}
 */
record CallCounts(Map<String, Long> byRoute) {

  CallCounts since(CallCounts before) {
    Map<String, Long> more = new TreeMap<>();
    byRoute.forEach(
        (route, count) -> {
          long since = count - before.byRoute.getOrDefault(route, 0L);
          if (since > 0) {
            more.put(route, since);
          }
        });
    return new CallCounts(more);
  }

  long reads() {
    return byRoute.entrySet().stream()
        .filter(route -> isRead(route.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** All that are no reads; asking for an access token is neither. */
  long writes() {
    return byRoute.entrySet().stream()
        .filter(route -> !isRead(route.getKey()) && !route.getKey().contains("oauth"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static boolean isRead(String route) {
    return route.contains(" GET ");
  }
}
