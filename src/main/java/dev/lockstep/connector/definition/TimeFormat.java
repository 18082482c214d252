package dev.lockstep.connector.definition;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a system writes times in answers and reads them in requests. */
public final class TimeFormat {
  static final TimeFormat ISO = new TimeFormat(null, null, true, false);

  private static final String EPOCH = "epoch";

  /**
   * From here on a number counts milliseconds: as seconds it would be a time after the year 5138.
   */
  private static final BigDecimal MILLISECONDS = BigDecimal.valueOf(100_000_000_000L);

  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,9})?");
  private static final int MILLISECOND_DIGITS = 3;
  private static final int NANOSECOND_DIGITS = 9;

  /** A time without an offset is in UTC; null: ISO 8601 with an offset. */
  private final @Nullable DateTimeFormatter answers;

  /** With the offset from UTC that the system assumes; null: ISO 8601 in UTC. */
  private final @Nullable DateTimeFormatter arguments;

  /** Whether a time can be sent as it was answered. */
  private final boolean same;

  /** Whether times are numbers, counted from 1970. */
  private final boolean epoch;

  private TimeFormat(
      @Nullable DateTimeFormatter answers,
      @Nullable DateTimeFormatter arguments,
      boolean same,
      boolean epoch) {
    this.answers = answers;
    this.arguments = arguments;
    this.same = same;
    this.epoch = epoch;
  }

  /**
   * Either {@code epoch}, or a {@link DateTimeFormatter} pattern for both, or {@code {answers: ...,
   * arguments: ..., offset: "+01:00"}}.
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static TimeFormat of(JsonNode declared) {
    if (declared.asText().equals(EPOCH)) {
      return new TimeFormat(null, null, true, true);
    }
    if (declared.isTextual()) {
      DateTimeFormatter both = formatter(declared.asText());
      return new TimeFormat(both, both == null ? null : both.withZone(ZoneOffset.UTC), true, false);
    }
    String offset = declared.path("offset").asText();
    ZoneOffset zone = offset.isEmpty() ? ZoneOffset.UTC : ZoneOffset.of(offset);
    DateTimeFormatter arguments = formatter(declared.path("arguments").asText());
    return new TimeFormat(
        formatter(declared.path("answers").asText()),
        arguments == null ? null : arguments.withZone(zone),
        false,
        false);
  }

  private static @Nullable DateTimeFormatter formatter(String pattern) {
    return pattern.isEmpty() ? null : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
  }

  /**
   * @throws IllegalArgumentException when the text does not have this format
   */
  public Instant parse(String text) {
    if (epoch) {
      return number(text);
    }
    try {
      return answers == null ? OffsetDateTime.parse(text).toInstant() : parse(text, answers);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("Not a time: " + text, e);
    }
  }

  private static Instant number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException("Not a time: " + text);
    }
    BigDecimal number = new BigDecimal(text);
    BigDecimal seconds =
        number.compareTo(MILLISECONDS) < 0 ? number : number.movePointLeft(MILLISECOND_DIGITS);
    return Instant.ofEpochSecond(
        seconds.longValue(),
        seconds.remainder(BigDecimal.ONE).movePointRight(NANOSECOND_DIGITS).longValue());
  }

  private static Instant parse(String text, DateTimeFormatter format) {
    TemporalAccessor time = format.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
    return time instanceof OffsetDateTime exact
        ? exact.toInstant()
        : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
  }

  /**
   * The argument for a time; truncated to the second, so that no change within that second is
   * missed.
   */
  public String write(Instant time) {
    return format(time.truncatedTo(ChronoUnit.SECONDS));
  }

  /** The argument for a time that an answer shows; not truncated. */
  public String toArgument(String answered) {
    return same ? answered : format(parse(answered));
  }

  private String format(Instant time) {
    if (epoch) {
      return Long.toString(time.getEpochSecond());
    }
    return arguments == null ? time.toString() : arguments.format(time);
  }
}
