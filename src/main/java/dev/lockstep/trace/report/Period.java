package dev.lockstep.trace.report;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * @param until exclusive
 */
public record Period(Instant since, Instant until) {
  private static final Pattern AGO = Pattern.compile("([1-9]\\d{0,4})([hdw])");
  private static final Duration DEFAULT = Duration.ofDays(30);

  /** What PostgreSQL and Java both can represent. */
  private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

  /**
   * Reads what an operator wrote: a day, a time in UTC, or how long ago, for example {@code 30d}.
   *
   * @param since empty for 30 days before {@code until}
   * @param until empty for now; a day includes that day
   * @throws IllegalArgumentException with one line for the operator
   */
  public static Period parse(String since, String until, Clock clock) {
    Instant now = clock.instant();
    Instant end = until.isBlank() ? now : parse("until", until.strip(), now, true);
    Instant start =
        since.isBlank() ? end.minus(DEFAULT) : parse("since", since.strip(), now, false);
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException("since: %s is not before until, %s".formatted(start, end));
    }
    return new Period(start, end);
  }

  private static Instant parse(String name, String text, Instant now, boolean isEnd) {
    Matcher ago = AGO.matcher(text);
    Instant time;
    try {
      if (ago.matches()) {
        time = now.minus(unit(ago.group(2)).multipliedBy(Long.parseLong(ago.group(1))));
      } else if (text.contains("T")) {
        time = Instant.parse(text);
      } else {
        LocalDate day = LocalDate.parse(text);
        time = (isEnd ? day.plusDays(1) : day).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s: '%s' is not a time; write 2026-11-01, 2026-11-01T08:00:00Z or 30d"
              .formatted(name, text),
          e);
    }
    if (time.isBefore(FIRST) || time.isAfter(LAST)) {
      throw new IllegalArgumentException(
          "%s: %s is not between 1970 and 9999".formatted(name, text));
    }
    return time;
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> Duration.ofDays(7);
    };
  }
}
