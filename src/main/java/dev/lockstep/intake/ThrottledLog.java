package dev.lockstep.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;

/**
 * Rate-limits log lines that unauthenticated clients can cause: one per minute, with the number of
 * suppressed lines. Thread-safe.
 */
final class ThrottledLog {
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final Logger log;
  private final Clock clock;
  private Instant next = Instant.MIN;
  private long suppressed;

  ThrottledLog(Logger log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  synchronized void info(String line) {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      suppressed++;
      return;
    }
    log.info(
        "{}{}",
        line,
        suppressed == 0 ? "" : " (and " + suppressed + " more in the minute before that)");
    suppressed = 0;
    next = now.plus(INTERVAL);
  }
}
