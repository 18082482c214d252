package dev.lockstep.ops;

import java.util.function.Predicate;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** What the value of a setting must be. */
enum SettingType {
  TEXT("", value -> true),
  DURATION(
      "is not a duration with a unit; write it like 30s or 5m", SettingType::isDurationWithUnit),
  SIZE("is not a size; write it like 8MB", SettingType::isSize),
  NUMBER("is not a whole number from 1", value -> value.matches("[1-9]\\d{0,4}")),
  SWITCH("is neither true nor false", value -> value.matches("true|false"));

  private final String problem;
  private final Predicate<String> check;

  SettingType(String problem, Predicate<String> check) {
    this.problem = problem;
    this.check = check;
  }

  /** Whether Spring reads it as its writer meant it. An empty value means the default. */
  boolean accepts(String value) {
    return value.isEmpty() || check.test(value);
  }

  /** The end of a line that begins with a value that is not accepted. */
  String problem() {
    return problem;
  }

  /** A number without a unit is refused: Spring would read it as milliseconds. */
  private static boolean isDurationWithUnit(String value) {
    try {
      return !value.matches("[+-]?\\d+") && !DurationStyle.detectAndParse(value).isNegative();
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false;
    }
  }

  private static boolean isSize(String value) {
    try {
      return DataSize.parse(value).toBytes() > 0;
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false;
    }
  }
}
