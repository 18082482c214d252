package dev.lockstep.connector;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;

/**
 * A system's time format.
 *
 * @param pattern {@link DateTimeFormatter} pattern, in UTC if it has no zone; empty: ISO 8601 with
 *     an offset
 */
record TimeFormat(String pattern) {

  /**
   * @throws IllegalArgumentException when the text does not have this format
   */
  Instant parse(String text) {
    try {
      return pattern.isEmpty() ? OffsetDateTime.parse(text).toInstant() : read(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("Not a time: " + text, e);
    }
  }

  private Instant read(String text) {
    TemporalAccessor time =
        DateTimeFormatter.ofPattern(pattern)
            .parseBest(text, OffsetDateTime::from, LocalDateTime::from);
    return time instanceof OffsetDateTime exact
        ? exact.toInstant()
        : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
  }

  /** Truncated to the second, so that no change within that second is missed. */
  String write(Instant time) {
    Instant second = time.truncatedTo(ChronoUnit.SECONDS);
    return pattern.isEmpty()
        ? second.toString()
        : DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC).format(second);
  }
}
