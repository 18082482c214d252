package dev.lockstep.pause;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.convert.DurationStyle;

/** What can be paused. Available at start, before the database. */
public interface PausableNames {
  /** Longer is a slip of the pen. */
  Duration LONGEST = Duration.ofDays(366);

  /** The systems of the mappings in use. */
  Set<String> systems();

  /** The mappings in use. */
  Set<String> mappings();

  /**
   * @param text the name of a system or a mapping, after {@code system:} or {@code mapping:} if
   *     both have it; empty for everything
   * @throws IllegalArgumentException with what there is, if there is nothing of that name
   */
  default PauseScope scope(String text) {
    if (text.isEmpty()) {
      return PauseScope.ALL;
    }
    boolean isSystem = matches(text, "system:", systems());
    boolean isMapping = matches(text, "mapping:", mappings());
    String name = text.substring(text.indexOf(':') + 1);
    if (isSystem && isMapping) {
      throw new IllegalArgumentException(
          "\"%s\" is a system and a mapping; write system:%s or mapping:%s"
              .formatted(text, text, text));
    }
    if (!isSystem && !isMapping) {
      throw new IllegalArgumentException(
          "\"%s\" is neither a system (%s) nor a mapping in use (%s)"
              .formatted(
                  text,
                  String.join(", ", new TreeSet<>(systems())),
                  String.join(", ", new TreeSet<>(mappings()))));
    }
    return isSystem ? PauseScope.system(name) : PauseScope.mapping(name);
  }

  private static boolean matches(String text, String prefix, Set<String> names) {
    return names.contains(text)
        || text.startsWith(prefix) && names.contains(text.substring(prefix.length()));
  }

  /**
   * @throws IllegalArgumentException if it is not a duration from a second to a year
   */
  static Duration duration(String text) {
    try {
      Duration duration = DurationStyle.SIMPLE.parse(text);
      if (!text.matches("[+-]?\\d+")
          && duration.compareTo(Duration.ofSeconds(1)) >= 0
          && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      // Answered below.
    }
    throw new IllegalArgumentException(
        "\"%s\" is no duration from 1s to 366d; write it like 30m, 8h or 2d".formatted(text));
  }
}
