package dev.lockstep.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;

/**
 * Logs what anybody can cause from outside at most once in a while, with the number of times it was
 * left out. Safe for use by many threads.
 */
final class ThrottledLog {
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final Logger log;
  private final Clock clock;
  private Instant next = Instant.MIN;
  private long leftOut;

  ThrottledLog(Logger log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  synchronized void report(String line) {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      leftOut++;
      return;
    }
    log.info(
        "{}{}", line, leftOut == 0 ? "" : " (and " + leftOut + " more in the minute before that)");
    leftOut = 0;
    next = now.plus(INTERVAL);
  }
}
