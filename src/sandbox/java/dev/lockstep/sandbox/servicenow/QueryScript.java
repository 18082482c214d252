package dev.lockstep.sandbox.servicenow;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of a query's conditions: plain ones, and the {@code javascript:gs....} calls that are
 * commonly written there. A call that isn't known makes its condition invalid.
 *
 * <p>Plain times and the arguments of {@code gs.dateGenerate} are read in the user's time zone;
 * what a script gives is UTC, as stored.
 */
final class QueryScript {
  private static final String SCRIPT = "javascript:";
  private static final Pattern DATE_GENERATE =
      Pattern.compile("gs\\.dateGenerate\\(\\s*'([^']*)'\\s*,\\s*'([^']*)'\\s*\\)");
  private static final Pattern AGO =
      Pattern.compile("gs\\.(minutes|hours|days)Ago\\(\\s*'?(\\d+)'?\\s*\\)");

  private final UserSession actor;
  private final Clock clock;
  private final ZoneId zone;

  QueryScript(UserSession actor, Clock clock, ZoneId zone) {
    this.actor = actor;
    this.clock = clock;
    this.zone = zone;
  }

  /** What the condition compares with; empty if the condition is invalid. */
  Optional<String> value(Column column, QueryCondition.Operator operator, String raw) {
    return switch (operator) {
      case IS_EMPTY, IS_NOT_EMPTY, ANYTHING -> Optional.of("");
      case BETWEEN -> between(column, raw);
      case EQUAL, NOT_EQUAL, MORE, AT_LEAST, LESS, AT_MOST -> single(column, raw);
      case IN, NOT_IN, LIKE, NOT_LIKE, DOES_NOT_CONTAIN, STARTS_WITH, ENDS_WITH -> script(raw);
    };
  }

  private Optional<String> between(Column column, String raw) {
    int at = raw.indexOf('@');
    if (at < 0) {
      return Optional.empty();
    }
    Optional<String> low = single(column, raw.substring(0, at));
    Optional<String> high = single(column, raw.substring(at + 1));
    return low.isPresent() && high.isPresent()
        ? Optional.of(low.get() + '@' + high.get())
        : Optional.empty();
  }

  private Optional<String> single(Column column, String raw) {
    Optional<String> value = script(raw);
    if (column.type() != Column.Type.DATE_TIME || value.filter(String::isEmpty).isPresent()) {
      return value;
    }
    ZoneId written = raw.startsWith(SCRIPT) ? ZoneOffset.UTC : zone;
    return value.flatMap(text -> Times.parse(text, written)).map(Times::format);
  }

  private Optional<String> script(String raw) {
    if (!raw.startsWith(SCRIPT)) {
      return Optional.of(raw);
    }
    String call = raw.substring(SCRIPT.length()).strip();
    Matcher date = DATE_GENERATE.matcher(call);
    if (date.matches()) {
      return Times.parse(date.group(1) + ' ' + date.group(2), zone).map(Times::format);
    }
    Matcher ago = AGO.matcher(call);
    if (ago.matches()) {
      return Optional.of(Times.format(clock.instant().minus(duration(ago))));
    }
    return switch (call) {
      case "gs.getUserID()" -> Optional.of(actor.sysId());
      case "gs.getUserName()" -> Optional.of(actor.userName());
      default -> Optional.empty();
    };
  }

  private static Duration duration(Matcher ago) {
    int amount = Integer.parseInt(ago.group(2));
    return switch (ago.group(1)) {
      case "minutes" -> Duration.ofMinutes(amount);
      case "hours" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
