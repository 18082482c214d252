package dev.lockstep.sandbox.pagerduty;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** So many calls a minute, as "REST API Rate Limits" in the documentation says. Thread-safe. */
final class RateLimit {

  /** What PagerDuty announces for an account's key. */
  private static final int DOCUMENTED = 960;

  private static final long WINDOW_SECONDS = 60;

  /** One call weighed. */
  record Verdict(boolean allowed, Map<String, String> headers) {}

  private final Clock clock;
  private final int limit;
  private long window = Long.MIN_VALUE;
  private int used;

  RateLimit(Clock clock, int limit) {
    this.clock = clock;
    this.limit = limit;
  }

  synchronized Verdict weigh() {
    long second = clock.instant().getEpochSecond();
    long present = Math.floorDiv(second, WINDOW_SECONDS);
    if (present != window) {
      window = present;
      used = 0;
    }
    long reset = WINDOW_SECONDS - Math.floorMod(second, WINDOW_SECONDS);
    if (limit == 0) {
      // Not limiting: say nothing that would make a careful client slow down.
      return new Verdict(true, headers(DOCUMENTED, DOCUMENTED - 1, reset));
    }
    if (used >= limit) {
      return new Verdict(false, headers(limit, 0, reset));
    }
    used++;
    return new Verdict(true, headers(limit, limit - used, reset));
  }

  static Map<String, String> exhausted(Duration wait) {
    return headers(DOCUMENTED, 0, Math.max(1, wait.toSeconds()));
  }

  private static Map<String, String> headers(int limit, int remaining, long reset) {
    return Map.of(
        "ratelimit-limit", Integer.toString(limit),
        "ratelimit-remaining", Integer.toString(remaining),
        "ratelimit-reset", Long.toString(reset));
  }
}
