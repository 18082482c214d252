package dev.lockstep.sandbox.jira;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What JQL takes for a time: whole minutes, read in the caller's time zone. */
final class JqlTimes {

  private static final List<DateTimeFormatter> MINUTES =
      patterns("uuuu-MM-dd H:mm", "uuuu/MM/dd H:mm");
  private static final List<DateTimeFormatter> DAYS = patterns("uuuu-MM-dd", "uuuu/MM/dd");
  private static final Pattern PERIOD = Pattern.compile("([+-]?)((?:\\d{1,6}[wdhm]\\s*)+)");
  private static final Pattern PART = Pattern.compile("(\\d+)([wdhm])");
  private static final Pattern MILLIS = Pattern.compile("\\d{6,15}");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "w", Duration.ofDays(7),
          "d", Duration.ofDays(1),
          "h", Duration.ofHours(1),
          "m", Duration.ofMinutes(1));

  private final ZoneId zone;
  private final Instant now;

  JqlTimes(ZoneId zone, Instant now) {
    this.zone = zone;
    this.now = now;
  }

  static Instant minute(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES);
  }

  Instant read(String field, JqlClause.Value value) {
    String text = value.text().strip();
    if (value.function()) {
      return function(text);
    }
    if (MILLIS.matcher(text).matches()) {
      return Instant.ofEpochMilli(Long.parseLong(text));
    }
    Matcher period = PERIOD.matcher(text);
    if (period.matches()) {
      return now.plus(period(period));
    }
    for (DateTimeFormatter format : MINUTES) {
      try {
        return LocalDateTime.parse(text, format).atZone(zone).toInstant();
      } catch (DateTimeParseException e) {
        // The next format may fit.
      }
    }
    for (DateTimeFormatter format : DAYS) {
      try {
        return LocalDate.parse(text, format).atStartOfDay(zone).toInstant();
      } catch (DateTimeParseException e) {
        // The next format may fit.
      }
    }
    throw JiraError.badRequest(
        "Date value '%s' for field '%s' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
            .formatted(text, field));
  }

  private Instant function(String call) {
    if (call.equals("now()")) {
      return now;
    }
    if (call.startsWith("startofday(")) {
      Instant start = LocalDate.ofInstant(now, zone).atStartOfDay(zone).toInstant();
      Matcher shift = PERIOD.matcher(call.substring(call.indexOf('(') + 1, call.length() - 1));
      return shift.matches() ? start.plus(period(shift)) : start;
    }
    throw noFunction(call);
  }

  static JiraError noFunction(String call) {
    return JiraError.badRequest("Unable to find JQL function '" + call + "'.");
  }

  private static Duration period(Matcher period) {
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(period.group(2));
    while (part.find()) {
      Duration unit = UNITS.getOrDefault(part.group(2), Duration.ZERO);
      sum = sum.plus(unit.multipliedBy(Long.parseLong(part.group(1))));
    }
    return period.group(1).equals("-") ? sum.negated() : sum;
  }

  private static List<DateTimeFormatter> patterns(String... patterns) {
    return List.of(patterns).stream()
        .map(
            pattern -> DateTimeFormatter.ofPattern(pattern).withResolverStyle(ResolverStyle.STRICT))
        .toList();
  }
}
