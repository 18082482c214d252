package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.http.Request;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** {@code since} up to but not including {@code until}; times are compared in whole seconds. */
record TimeRange(Instant since, Instant until) {

  private static final int LONGEST_MONTHS = 6;

  static final TimeRange ALL = new TimeRange(Instant.MIN, Instant.MAX);

  /** "Maximum range is 6 months and default is 1 month" ({@code GET /incidents}). */
  static TimeRange ofIncidents(Request call, Instant now) {
    if (call.parameter("date_range").isPresent()) {
      if (!call.parameter("date_range").filter("all"::equals).isPresent()) {
        throw PagerDutyException.invalid("date_range can only be all");
      }
      return ALL;
    }
    Instant until = time(call, "until").orElse(now.plusSeconds(1));
    Instant since = time(call, "since").orElseGet(() -> monthsBefore(until, 1));
    if (since.isBefore(monthsBefore(until, LONGEST_MONTHS)) || since.isAfter(until)) {
      throw PagerDutyException.refused(2005, "Invalid Query Date Range");
    }
    return new TimeRange(since, until);
  }

  /** Unbounded where the call sets no bound. */
  static TimeRange ofLogEntries(Request call) {
    return new TimeRange(
        time(call, "since").orElse(Instant.MIN), time(call, "until").orElse(Instant.MAX));
  }

  boolean contains(Instant at) {
    Instant shown = at.truncatedTo(ChronoUnit.SECONDS);
    return !shown.isBefore(since) && shown.isBefore(until);
  }

  private static Instant monthsBefore(Instant at, int months) {
    return at.atOffset(ZoneOffset.UTC).minusMonths(months).toInstant();
  }

  private static Optional<Instant> time(Request call, String name) {
    return call.parameter(name).filter(given -> !given.isEmpty()).map(TimeRange::parsed);
  }

  private static Instant parsed(String given) {
    try {
      if (given.length() == "2015-10-06".length()) {
        return LocalDate.parse(given).atStartOfDay().toInstant(ZoneOffset.UTC);
      }
      boolean zoned = given.matches(".*(Z|[+-]\\d\\d:?\\d\\d)");
      return zoned
          ? OffsetDateTime.parse(given).toInstant()
          : LocalDateTime.parse(given).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw PagerDutyException.refused(
          2004, "Invalid time values in 'since' and/or 'until' parameters");
    }
  }
}
