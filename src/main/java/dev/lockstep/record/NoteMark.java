package dev.lockstep.record;

import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last paragraph of each note Lockstep writes. It is drawn at random and stored before the note
 * is sent, so that nobody can foresee it: a mark that shows up proves that the note arrived. It
 * proves nothing about the text around it, since people quote notes.
 */
public final class NoteMark {
  private static final Pattern MARK = Pattern.compile("\\\\?\\[lockstep:([0-9a-f]{16})\\\\?]");

  /** A mark with what quotes it, when nothing else is on its line. */
  private static final Pattern QUOTED_LINE =
      Pattern.compile("(?m)^[>| \\t]*+" + MARK.pattern() + "[ \\t\\r]*+(?:\\n|$)");

  private NoteMark() {}

  public static String random(RandomGenerator random) {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** What follows a note's text: a blank line, so that no list, table or quotation takes it in. */
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
   * Where the mark's paragraph begins in a note Lockstep wrote; the text's length if it has none.
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

  /** The text without any mark, quoted ones included. */
  public static String removeFrom(String text) {
    String lines = QUOTED_LINE.matcher(text).replaceAll("");
    return PlainText.normalize(MARK.matcher(lines).replaceAll(""));
  }
}
