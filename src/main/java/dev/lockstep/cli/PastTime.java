package dev.lockstep.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A time in the past, as operators write it: a date, a time in UTC, or a period before now. */
final class PastTime {
  private static final Pattern PERIOD = Pattern.compile("([1-9]\\d{0,5})([smhdw])");

  private PastTime() {}

  /**
   * @param option for the message
   * @return how long ago; positive
   * @throws ParameterException when it is none of these, or not in the past
   */
  static Duration parse(CommandLine command, String option, String text) {
    Optional<Duration> period = period(text);
    if (period.isPresent()) {
      return period.get();
    }
    Duration ago =
        Duration.between(parseTime(command, option, text.strip()), Clock.systemUTC().instant());
    if (ago.isNegative() || ago.isZero()) {
      throw new ParameterException(command, option + ": " + text + " is not in the past");
    }
    return ago;
  }

  /** A length of time such as {@code 30s} or {@code 7d}; empty if the text is none. */
  static Optional<Duration> period(String text) {
    Matcher period = PERIOD.matcher(text.strip());
    return period.matches()
        ? Optional.of(unit(period.group(2)).multipliedBy(Long.parseLong(period.group(1))))
        : Optional.empty();
  }

  private static Instant parseTime(CommandLine command, String option, String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          command,
          "%s: '%s' is not a time; write 2026-11-01, 2026-11-01T08:00:00Z or 7d"
              .formatted(option, text));
    }
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> Duration.ofDays(7);
    };
  }
}
