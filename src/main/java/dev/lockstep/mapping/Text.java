package dev.lockstep.mapping;

/** Free text as two systems keep it: each with its own line ends, margins and length. */
final class Text {

  private static final String ELLIPSIS = "…";

  private Text() {}

  /** Without what systems change by themselves. */
  static String plain(String text) {
    return text.replace("\r\n", "\n").strip();
  }

  /**
   * @param max how many characters fit; 0: any
   */
  static String cut(String text, int max) {
    if (max == 0 || text.length() <= max) {
      return text;
    }
    int end = max - ELLIPSIS.length();
    // Half of a surrogate pair is no text: PostgreSQL and JSON writers refuse it.
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + ELLIPSIS;
  }

  /** Whether {@code shown} is all that is left of {@code whole} where only {@code max} fit. */
  static boolean isCutOf(String shown, String whole, int max) {
    if (max == 0 || whole.length() <= max) {
      return false;
    }
    // A system that cuts by itself does so without an ellipsis.
    return shown.equals(plain(cut(whole, max)))
        || (shown.length() >= max - 1 && shown.length() <= max && whole.startsWith(shown));
  }
}
