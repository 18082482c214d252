package dev.lockstep.connector;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Parses the delay that a system requests: {@code Retry-After} is seconds or an HTTP date (RFC
 * 9110, section 10.2.3); {@code ratelimit-reset} is seconds (PagerDuty, "REST API Rate Limits");
 * {@code X-RateLimit-Reset} is an epoch second (ServiceNow, "Inbound REST API rate limiting").
 */
public final class RetryAfterParser {
  /** A larger number is an epoch second, not a duration: it exceeds thirty years. */
  private static final long EPOCH_SECONDS_FROM = 1_000_000_000L;

  /** In the year 5138; a larger number is invalid. */
  private static final double LATEST_EPOCH_SECOND = 1e11;

  private static final Duration LONGEST = Duration.ofHours(1);

  private final Clock clock;

  public RetryAfterParser(Clock clock) {
    this.clock = clock;
  }

  /** Never negative, at most one hour; empty when the text is neither a duration nor a time. */
  public Optional<Duration> parse(String text) {
    return seconds(text.strip()).or(() -> httpDate(text.strip())).map(RetryAfterParser::bounded);
  }

  private Optional<Duration> seconds(String text) {
    try {
      double number = Math.ceil(Double.parseDouble(text));
      if (Double.isNaN(number) || Math.abs(number) > LATEST_EPOCH_SECOND) {
        return Optional.empty();
      }
      return Optional.of(
          number >= EPOCH_SECONDS_FROM
              ? Duration.between(clock.instant(), Instant.ofEpochSecond((long) number))
              : Duration.ofSeconds((long) number));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Optional<Duration> httpDate(String text) {
    try {
      // Some servers write UTC where HTTP has GMT: Go's time.RFC1123 does.
      String date = text.endsWith(" UTC") ? text.replace(" UTC", " GMT") : text;
      Instant until = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(clock.instant(), until));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
