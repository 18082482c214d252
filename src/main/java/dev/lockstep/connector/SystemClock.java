package dev.lockstep.connector;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * One system's time: the {@code Date} header of its last answer (RFC 9110, section 6.6.1), advanced
 * by a monotonic clock. Thread-safe.
 */
final class SystemClock {
  private final Clock clock;
  private @Nullable Instant date;
  private ConnectorHealth.@Nullable ClockBounds ahead;
  private long readAt;

  SystemClock(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param sent when the request was sent, by Lockstep's clock
   */
  synchronized void read(ApiResponse answer, Instant sent) {
    String header = answer.header("date").orElse("");
    if (header.isEmpty()) {
      return;
    }
    try {
      date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      readAt = System.nanoTime();
      // Written between then and now, and cut to the second.
      ahead =
          new ConnectorHealth.ClockBounds(
              Duration.between(clock.instant(), date), Duration.between(sent, date.plusSeconds(1)));
    } catch (DateTimeException notADate) {
      // Treated like a missing header.
    }
  }

  /** How far it is ahead of Lockstep's clock; null before the first {@code Date} header. */
  synchronized ConnectorHealth.@Nullable ClockBounds ahead() {
    return ahead;
  }

  synchronized boolean known() {
    return date != null;
  }

  /** Lockstep's own time before the first {@code Date} header. */
  synchronized Instant now() {
    return date == null ? clock.instant() : date.plus(Duration.ofNanos(System.nanoTime() - readAt));
  }
}
