package dev.lockstep.sandbox.servicenow;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** ServiceNow's times: stored as UTC text to the second, shown in the user's time zone. */
final class Times {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Times() {}

  static String format(Instant at) {
    return FORMAT.format(at.atOffset(ZoneOffset.UTC));
  }

  static String shown(String stored, ZoneId zone) {
    return parse(stored, ZoneOffset.UTC).map(at -> FORMAT.format(at.atZone(zone))).orElse(stored);
  }

  /** A time, or a day's first moment, as read in that zone. */
  static Optional<Instant> parse(String text, ZoneId zone) {
    try {
      String full = text.length() == 10 ? text + " 00:00:00" : text;
      return Optional.of(LocalDateTime.parse(full, FORMAT).atZone(zone).toInstant());
    } catch (DateTimeParseException notATime) {
      return Optional.empty();
    }
  }
}
