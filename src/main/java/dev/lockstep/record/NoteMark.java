package dev.lockstep.record;

import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The random mark in the last paragraph of each note that Lockstep writes. It is stored before the
 * note is sent and cannot be guessed, so its appearance proves that the note was delivered. It
 * proves nothing about the surrounding text, since users quote notes.
 */
public final class NoteMark {
  private static final Pattern MARK = Pattern.compile("\\\\?\\[lockstep:([0-9a-f]{16})\\\\?]");

  /** A mark, with quotation signs before it, alone on its line. */
  private static final Pattern QUOTED_LINE =
      Pattern.compile("(?m)^[>| \\t]*+" + MARK.pattern() + "[ \\t\\r]*+(?:\\n|$)");

  /** A mark that is the whole last paragraph. */
  private static final Pattern PARAGRAPH =
      Pattern.compile("(?:^|\\n)[ \\t\\r]*+" + MARK.pattern() + "\\s*+$");

  private NoteMark() {}

  public static String random(RandomGenerator random) {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * The paragraph appended to a note; a blank line keeps it out of a preceding list, table or
   * quotation.
   */
  public static String paragraph(String mark) {
    return "\n\n[lockstep:" + mark + "]";
  }

  /** All marks in a text, wherever they are. */
  public static Set<String> findAll(String text) {
    Set<String> marks = new LinkedHashSet<>();
    Matcher matcher = MARK.matcher(text);
    while (matcher.find()) {
      marks.add(matcher.group(1));
    }
    return marks;
  }

  /**
   * The start of the trailing mark in a note written by Lockstep; the length of the text if there
   * is none.
   */
  public static int indexOf(String text) {
    Matcher matcher = MARK.matcher(text);
    int start = text.length();
    while (matcher.find()) {
      if (text.substring(matcher.end()).isBlank()) {
        start = matcher.start();
      }
    }
    return start;
  }

  /**
   * The mark of a note that Lockstep wrote, in its last paragraph. In a reply that quotes the note
   * below, the mark stands behind quotation signs; such a text has none.
   */
  public static Optional<String> ofWriter(String text) {
    Matcher matcher = PARAGRAPH.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The text without marks, including quoted ones. */
  public static String removeFrom(String text) {
    String lines = QUOTED_LINE.matcher(text).replaceAll("");
    return PlainText.normalize(MARK.matcher(lines).replaceAll(""));
  }
}
