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
  private long readAt;

  SystemClock(Clock clock) {
    this.clock = clock;
  }

  synchronized void read(ApiResponse answer) {
    String header = answer.header("date").orElse("");
    if (header.isEmpty()) {
      return;
    }
    try {
      date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      readAt = System.nanoTime();
    } catch (DateTimeException notADate) {
      // Treated like a missing header.
    }
  }

  synchronized boolean known() {
    return date != null;
  }

  /** Lockstep's own time before the first {@code Date} header. */
  synchronized Instant now() {
    return date == null ? clock.instant() : date.plus(Duration.ofNanos(System.nanoTime() - readAt));
  }
}
