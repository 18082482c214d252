package dev.lockstep.connector;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that calls to a system are delayed, at most once per minute: at a limit there are hundreds
 * per minute, and none is a failure. Thread-safe.
 */
final class WaitLogger {
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(WaitLogger.class);

  private final String title;
  private final Clock clock;
  private Instant nextAt = Instant.MIN;
  private int waits;
  private Duration longest = Duration.ZERO;

  WaitLogger(String title, Clock clock) {
    this.title = title;
    this.clock = clock;
  }

  synchronized void log(RetryLaterException wait) {
    waits++;
    longest = wait.delay().compareTo(longest) > 0 ? wait.delay() : longest;
    Instant now = clock.instant();
    if (now.isBefore(nextAt)) {
      return;
    }
    LOG.info(
        "{}: {} since this was last logged, the longest {} ms; now: {}",
        title,
        waits == 1 ? "1 call waits" : waits + " calls waited",
        longest.toMillis(),
        wait.getMessage());
    nextAt = now.plus(INTERVAL);
    waits = 0;
    longest = Duration.ZERO;
  }
}
