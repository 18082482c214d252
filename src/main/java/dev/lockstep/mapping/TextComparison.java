package dev.lockstep.mapping;

import dev.lockstep.record.PlainText;
import java.util.regex.Pattern;

/** What of a text counts when two systems are compared. */
final class TextComparison {
  private static final Pattern EMPTY_LINES = Pattern.compile("\n{3,}+");

  private TextComparison() {}

  /** Without what systems change by themselves: blanks at the ends, empty lines. */
  static String plain(String text) {
    return EMPTY_LINES
        .matcher(PlainText.normalize(text.replace('\u00a0', ' ')))
        .replaceAll("\n\n")
        .strip();
  }

  static boolean isSame(String one, String other) {
    return plain(one).equals(plain(other));
  }
}
