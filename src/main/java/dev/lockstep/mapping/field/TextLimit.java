package dev.lockstep.mapping.field;

import dev.lockstep.record.PlainText;

/**
 * Maximum length of a field.
 *
 * @param characters in UTF-16 units, as most vendors count them; 0: unlimited
 * @param bytes in UTF-8; 0: unlimited
 * @param oneLine whether the field holds a single line
 */
public record TextLimit(int characters, int bytes, boolean oneLine) {
  static final TextLimit NONE = new TextLimit(0, 0, false);

  private static final String ELLIPSIS = "…";
  private static final int SHORTEST_CUT = 4;

  /** Truncates the text if necessary; a truncated text ends with an ellipsis. */
  String fit(String text) {
    String shaped = shape(text);
    return fits(shaped) ? shaped : start(shaped) + ELLIPSIS;
  }

  /**
   * Returns {@code laidOut}, the text with its original layout, unless it must be truncated: a
   * truncated text is normalised so that it can be recognised.
   */
  String fit(String text, String laidOut) {
    String shaped = shape(laidOut);
    return fits(shaped) ? shaped : fit(text);
  }

  private String shape(String text) {
    return oneLine ? PlainText.oneLine(text) : text;
  }

  private boolean fits(String text) {
    return (characters == 0 || text.length() <= characters)
        && (bytes == 0 || PlainText.bytes(text) <= bytes);
  }

  /** The part that fits before an ellipsis. */
  private String start(String text) {
    return PlainText.truncate(
        text,
        characters == 0 ? text.length() : characters - ELLIPSIS.length(),
        bytes == 0 ? Integer.MAX_VALUE : bytes - PlainText.bytes(ELLIPSIS));
  }

  /** Whether {@code shown} is {@code whole} as stored in a field of this size. */
  boolean isFitOf(String shown, String whole) {
    String shaped = shape(whole);
    if (shown.equals(shaped) || oneLine && shape(shown).equals(shaped)) {
      return true;
    }
    // Systems truncate without an ellipsis, and count characters differently.
    return !fits(shaped)
        && (TextComparison.isSame(shown, fit(whole))
            || fits(shown) && isFull(shown) && shaped.startsWith(shown));
  }

  private boolean isFull(String text) {
    return characters > 0 && text.length() >= characters - 1
        || bytes > 0 && PlainText.bytes(text) >= bytes - SHORTEST_CUT + 1;
  }
}
