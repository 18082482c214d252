package dev.lockstep.mapping.field;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole numbers from {@code first} to {@code last}, both included; written {@code 1..33}. */
record NumberRange(long first, long last) {
  private static final Pattern RANGE = Pattern.compile("(-?\\d{1,18})\\.\\.(-?\\d{1,18})");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

  /** Empty when the text is no range. */
  static Optional<NumberRange> parse(String text) {
    Matcher range = RANGE.matcher(text);
    return range.matches()
        ? Optional.of(
            new NumberRange(Long.parseLong(range.group(1)), Long.parseLong(range.group(2))))
        : Optional.empty();
  }

  static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches();
  }

  boolean contains(String number) {
    long value = Long.parseLong(number);
    return value >= first && value <= last;
  }

  boolean overlaps(NumberRange other) {
    return first <= other.last && other.first <= last;
  }
}
