package dev.lockstep.duplicates.settings;

import dev.lockstep.duplicates.settings.DuplicateSettings.Mode;
import dev.lockstep.ops.yaml.Suggestion;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.convert.DurationStyle;

/** Parses setting values. */
final class SettingText {
  private static final Map<String, Boolean> SWITCHES =
      Map.of("true", true, "yes", true, "on", true, "false", false, "no", false, "off", false);

  private SettingText() {}

  static Mode mode(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    // A bare "off" is a boolean in YAML 1.1 and arrives as "false".
    if (word.equals("false")) {
      return Mode.OFF;
    }
    List<String> known =
        Stream.of(Mode.values()).map(mode -> mode.name().toLowerCase(Locale.ROOT)).toList();
    if (!known.contains(word)) {
      throw new InvalidSettingException(text + " is not a mode" + Suggestion.of(word, known));
    }
    return Mode.valueOf(word.toUpperCase(Locale.ROOT));
  }

  static boolean embedding(String text) {
    Boolean on = SWITCHES.get(text.toLowerCase(Locale.ROOT));
    if (on == null) {
      throw new InvalidSettingException(text + " is neither true nor false; write one of them");
    }
    return on;
  }

  static double threshold(String text) {
    boolean percent = text.endsWith("%");
    double number = number(percent ? text.substring(0, text.length() - 1) : text);
    if (!percent && number >= 0 && number <= 1) {
      return number;
    }
    boolean ofHundred = number <= 100 && (percent ? number >= 0 : number > 1);
    throw new InvalidSettingException(
        text
            + " is not a number from 0 to 1; "
            + (ofHundred ? "did you mean " + number / 100 + "?" : "write it like 0.85"));
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  static Duration closedWindow(String text) {
    // Spring would read a bare number as milliseconds.
    boolean unitless = text.matches("[+-]?\\d+") && !text.equals("0");
    try {
      Duration window = DurationStyle.detectAndParse(text);
      if (!unitless && !window.isNegative()) {
        return window;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      // Reported below.
    }
    throw new InvalidSettingException(
        text + " is not a duration; write it like 24h or 90m, or 0 for none");
  }

  /** The message says what is wrong and how to correct it, without the setting's name. */
  static final class InvalidSettingException extends RuntimeException {
    InvalidSettingException(String message) {
      super(message);
    }
  }
}
