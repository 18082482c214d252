package dev.lockstep.sandbox.jira;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** So many calls a minute, announced as "Rate limiting" in the documentation says. Thread-safe. */
final class RateLimit {

  private static final DateTimeFormatter RESET =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm'Z'").withZone(ZoneOffset.UTC);
  private static final long WINDOW_SECONDS = 60;
  private static final int UNTOLD = 350;

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
    Instant now = clock.instant();
    long second = now.getEpochSecond();
    long present = Math.floorDiv(second, WINDOW_SECONDS);
    if (present != window) {
      window = present;
      used = 0;
    }
    if (limit == 0) {
      // Not limiting: say nothing that would make a careful client slow down.
      return new Verdict(true, headers(UNTOLD, UNTOLD - 1));
    }
    if (used >= limit) {
      Duration wait = Duration.ofSeconds(WINDOW_SECONDS - Math.floorMod(second, WINDOW_SECONDS));
      return new Verdict(false, refused(limit, now, wait, "jira-quota-tenant-based"));
    }
    used++;
    return new Verdict(true, headers(limit, limit - used));
  }

  Map<String, String> exhausted(Duration wait) {
    Duration atLeast = wait.toSeconds() < 1 ? Duration.ofSeconds(1) : wait;
    return refused(UNTOLD, clock.instant(), atLeast, "jira-burst-based");
  }

  private static Map<String, String> headers(int limit, int remaining) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-RateLimit-Limit", Integer.toString(limit));
    headers.put("X-RateLimit-Remaining", Integer.toString(remaining));
    headers.put("X-RateLimit-NearLimit", Boolean.toString(remaining * 5 < limit));
    return headers;
  }

  private static Map<String, String> refused(int limit, Instant now, Duration wait, String reason) {
    Map<String, String> headers = headers(limit, 0);
    headers.put("Retry-After", Long.toString(wait.toSeconds()));
    headers.put("X-RateLimit-Reset", RESET.format(now.plus(wait)));
    headers.put("RateLimit-Reason", reason);
    return headers;
  }
}
