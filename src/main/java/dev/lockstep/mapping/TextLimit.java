package dev.lockstep.mapping;

import dev.lockstep.record.PlainText;

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
    return (characters == 0 || text.length() <= characters)
        && (bytes == 0 || PlainText.bytes(text) <= bytes);
  }

  /** What fits before an ellipsis. */
  private String start(String text) {
    return PlainText.truncate(
        text,
        characters == 0 ? text.length() : characters - ELLIPSIS.length(),
        bytes == 0 ? Integer.MAX_VALUE : bytes - PlainText.bytes(ELLIPSIS));
  }

  /** Whether {@code shown} is what became of {@code whole} in a field of this size. */
  boolean isFitOf(String shown, String whole) {
    String shaped = shape(whole);
    if (shown.equals(shaped) || oneLine && shape(shown).equals(shaped)) {
      return true;
    }
    // A system that cuts by itself does so without an ellipsis, and by its own idea of a character.
    return !fits(shaped)
        && (TextComparison.isSame(shown, fit(whole))
            || fits(shown) && isFull(shown) && shaped.startsWith(shown));
  }

  private boolean isFull(String text) {
    return characters > 0 && text.length() >= characters - 1
        || bytes > 0 && PlainText.bytes(text) >= bytes - SHORTEST_CUT + 1;
  }
}
