package dev.lockstep.bench;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Dates as trackers export them; without a zone they are UTC. */
final class IssueDates {
  private static final List<DateTimeFormatter> FORMS =
      List.of(
          form("yyyy-MM-dd[['T'][' ']HH:mm[:ss][.SSSSSSSSS][.SSSSSS][.SSS][' '][XXX][XX][X]]"),
          form("d/MMM/yy[ H:mm[:ss]]"),
          form("d/MMM/yy h:mm a"),
          form("d/MMM/yyyy[ H:mm[:ss]]"),
          form("d/MMM/yyyy h:mm a"));

  private IssueDates() {}

  static Optional<Instant> parse(String text) {
    for (DateTimeFormatter form : FORMS) {
      try {
        TemporalAccessor found = form.parse(text.strip());
        ZoneOffset zone =
            found.isSupported(ChronoField.OFFSET_SECONDS)
                ? ZoneOffset.ofTotalSeconds(found.get(ChronoField.OFFSET_SECONDS))
                : ZoneOffset.UTC;
        return Optional.of(LocalDateTime.from(found).toInstant(zone));
      } catch (DateTimeException e) {
        // Not in this form; another may fit.
      }
    }
    return Optional.empty();
  }

  private static DateTimeFormatter form(String pattern) {
    DateTimeFormatterBuilder form =
        new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern(pattern);
    if (!pattern.endsWith("a")) {
      form.parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0);
    }
    return form.toFormatter(Locale.ENGLISH);
  }
}
