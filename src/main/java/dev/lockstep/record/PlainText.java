package dev.lockstep.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Plain text, the form in which texts are synced between systems. Every character is literal,
 * {@code \n} is a line break, and an empty line separates paragraphs.
 */
public final class PlainText {
  /** A no-break space at the end of a line is as invisible as a space. */
  private static final Pattern BLANK_END =
      Pattern.compile("(?<![\\p{javaWhitespace}\\u00a0])[\\p{javaWhitespace}\\u00a0]+$");

  /**
   * Control sequences of terminals (ECMA-48): colours and cursor moves, commands, character sets.
   */
  private static final Pattern TERMINAL =
      Pattern.compile(
          "(?:\u001b\\[|\u009b)[0-?]*+[ -/]*+[@-~]"
              + "|(?:\u001b\\]|\u009d)[^\n\u0007\u001b\u009c]*+(?:\u0007|\u001b\\\\|\u009c)"
              + "|\u001b[ -/]++[0-~]");

  private static final Pattern LINE_END = Pattern.compile("\r\n|[\r\u000b\f\u0085\u2028\u2029]");

  /**
   * Control characters, and those that change the direction in which the following text is shown.
   */
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cc}\u202a-\u202e\u2066-\u2069&&[^\t\n]]");

  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");
  private static final Pattern GRAPHEME = Pattern.compile("\\X");
  private static final Pattern BREAK = Pattern.compile("[\n\t]");
  private static final Pattern PARAGRAPHS = Pattern.compile("(?<!\n)\n\n");

  private PlainText() {}

  /**
   * Removes control characters, terminal escape sequences and overrides of the text direction,
   * which can mislead a reader in a terminal or browser. Tabs remain; line breaks become {@code
   * \n}.
   */
  public static String clean(String text) {
    if (text.chars().noneMatch(PlainText::isSuspect)) {
      return text;
    }
    String lines = LINE_END.matcher(TERMINAL.matcher(text).replaceAll("")).replaceAll("\n");
    return LONE_SURROGATE.matcher(CONTROL.matcher(lines).replaceAll("")).replaceAll("\uFFFD");
  }

  private static boolean isSuspect(int unit) {
    return unit < ' ' && unit != '\n' && unit != '\t'
        || unit >= 0x7f && unit <= 0x9f
        || unit >= 0x2028 && unit <= 0x202e
        || unit >= 0x2066 && unit <= 0x2069
        || Character.isSurrogate((char) unit);
  }

  /**
   * Applies {@link #clean} and removes trailing white space of lines and empty lines at both ends.
   */
  public static String normalize(String text) {
    String lines =
        Arrays.stream(clean(text).split("\n", -1))
            .map(line -> BLANK_END.matcher(line).replaceFirst(""))
            .collect(Collectors.joining("\n"))
            .stripTrailing();
    int start = 0;
    while (start < lines.length() && lines.charAt(start) == '\n') {
      start++;
    }
    return lines.substring(start);
  }

  /** For single-line fields: line breaks, tabs and no-break spaces become spaces. */
  public static String oneLine(String text) {
    return BREAK
        .splitAsStream(clean(text).replace('\u00a0', ' '))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** The beginning, with an ellipsis if something was cut. */
  public static String shorten(String text, int most) {
    String cut = truncate(text, most, Integer.MAX_VALUE);
    return cut.length() < text.length() ? cut + "…" : text;
  }

  /** Truncates at a grapheme boundary, so that no emoji or accented letter is split. */
  public static String truncate(String text, int mostUnits, int mostBytes) {
    Matcher graphemes = GRAPHEME.matcher(text);
    int end = 0;
    int bytes = 0;
    while (graphemes.find()) {
      bytes += bytes(graphemes.group());
      if (graphemes.end() > mostUnits || bytes > mostBytes) {
        break;
      }
      end = graphemes.end();
    }
    return text.substring(0, end);
  }

  /** The size of a text in UTF-8. */
  public static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Splits a {@linkplain #normalize normalized} text. Additional empty lines belong to the
   * paragraph after them, so that joining the paragraphs by an empty line restores the text.
   */
  public static List<String> paragraphs(String text) {
    return text.isEmpty() ? List.of() : List.of(PARAGRAPHS.split(text, -1));
  }
}
