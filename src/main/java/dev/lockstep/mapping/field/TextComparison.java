package dev.lockstep.mapping.field;

import dev.lockstep.record.PlainText;
import java.util.regex.Pattern;

/** Normalises texts for comparison between systems. */
final class TextComparison {
  private static final Pattern EMPTY_LINES = Pattern.compile("\n{3,}+");

  private TextComparison() {}

  /** Removes what systems change on their own: leading and trailing blanks, empty lines. */
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
