package dev.lockstep.connector;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * One system's own time, as its last answer's {@code Date} header said (RFC 9110, section 6.6.1),
 * carried on by a clock that nobody can set. Thread-safe.
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
      // It is as if the system had sent none.
    }
  }

  synchronized boolean known() {
    return date != null;
  }

  /** Lockstep's own time until the system has told its. */
  synchronized Instant now() {
    return date == null ? clock.instant() : date.plus(Duration.ofNanos(System.nanoTime() - readAt));
  }
}
