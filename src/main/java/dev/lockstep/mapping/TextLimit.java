package dev.lockstep.mapping;

import dev.lockstep.record.PlainText;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much text fits into a field.
 *
 * @param characters as Java and most vendors count them; 0: any number
 * @param bytes in UTF-8; 0: any number
 * @param oneLine whether it holds one line only
 */
record TextLimit(int characters, int bytes, boolean oneLine) {
  static final TextLimit NONE = new TextLimit(0, 0, false);

  private static final String ELLIPSIS = "…";
  private static final int SHORTEST_CUT = 4;

  /** What a reader takes for one character: a letter with its accents, a family of emoji. */
  private static final Pattern GRAPHEME = Pattern.compile("\\X");

  /** The text as it fits; that something was cut off shows. */
  String fit(String text) {
    String shaped = shape(text);
    return fits(shaped) ? shaped : start(shaped) + ELLIPSIS;
  }

  /**
   * The text with the layout it has, unless it has to be cut: what is cut off must be known by it.
   */
  String fit(String text, String laidOut) {
    String shaped = shape(laidOut);
    return fits(shaped) ? shaped : fit(text);
  }

  private String shape(String text) {
    return oneLine ? PlainText.oneLine(text) : text;
  }

  private boolean fits(String text) {
    return (characters == 0 || text.length() <= characters) && (bytes == 0 || size(text) <= bytes);
  }

  /** As many whole characters as fit before an ellipsis. */
  private String start(String text) {
    int mostCharacters = characters == 0 ? text.length() : characters - ELLIPSIS.length();
    int mostBytes = bytes == 0 ? Integer.MAX_VALUE : bytes - size(ELLIPSIS);
    Matcher graphemes = GRAPHEME.matcher(text);
    int end = 0;
    int size = 0;
    while (graphemes.find()) {
      size += size(graphemes.group());
      if (graphemes.end() > mostCharacters || size > mostBytes) {
        break;
      }
      end = graphemes.end();
    }
    return text.substring(0, end);
  }

  private static int size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Whether {@code shown} is what became of {@code whole} in a field of this size. */
  boolean isFitOf(String shown, String whole) {
    String shaped = shape(whole);
    if (shown.equals(shaped) || oneLine && shape(shown).equals(shaped)) {
      return true;
    }
    // A system that cuts by itself does so without an ellipsis, and by its own idea of a character.
    return !fits(shaped)
        && (Text.isSame(shown, fit(whole))
            || fits(shown) && isFull(shown) && shaped.startsWith(shown));
  }

  private boolean isFull(String text) {
    return characters > 0 && text.length() >= characters - 1
        || bytes > 0 && size(text) >= bytes - SHORTEST_CUT + 1;
  }
}
