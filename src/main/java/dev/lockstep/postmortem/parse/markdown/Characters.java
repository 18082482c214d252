package dev.lockstep.postmortem.parse.markdown;

import java.util.regex.Pattern;

/**
 * Normalizes the characters of a document before it is parsed: word processors and chat tools write
 * special spaces and invisible characters that a parser takes for text. Code is left unchanged.
 * Line numbers are kept; separators that only some editors show as line ends become line ends.
 */
public final class Characters {
  private static final Pattern DASHED_DATE =
      Pattern.compile("(\\d{4})[‒–—−](\\d{1,2})[‒–—−](\\d{1,2})");

  private Characters() {}

  public static String normalised(String text) {
    if (text.chars().allMatch(letter -> letter < 0x80 && letter != '\u000B' && letter != '\f')) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    String fence = "";
    int from = 0;
    while (from < text.length()) {
      int end = lineEnd(text, from);
      String line = text.substring(from, end);
      String marker = fence(line);
      boolean inside = !fence.isEmpty();
      if (inside) {
        fence = marker.startsWith(fence) && line.strip().equals(marker) ? "" : fence;
        plain.append(line);
      } else {
        fence = marker;
        line(line, plain);
      }
      from = end;
    }
    return plain.toString();
  }

  private static int lineEnd(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end + 1;
  }

  /** The backticks or tildes that begin or end a code block; empty if the line does neither. */
  private static String fence(String line) {
    String text = line.strip();
    if (!text.startsWith("```") && !text.startsWith("~~~")) {
      return "";
    }
    int length = 0;
    while (length < text.length() && text.charAt(length) == text.charAt(0)) {
      length++;
    }
    boolean code = text.charAt(0) == '`' && text.indexOf('`', length) >= 0;
    return code ? "" : text.substring(0, length);
  }

  private static void line(String line, StringBuilder plain) {
    int from = 0;
    while (from < line.length()) {
      int code = line.indexOf('`', from);
      int open = code < 0 ? line.length() : code;
      plain.append(outsideCode(line.substring(from, open)));
      if (code < 0) {
        return;
      }
      int ticks = open;
      while (ticks < line.length() && line.charAt(ticks) == '`') {
        ticks++;
      }
      int close = line.indexOf(line.substring(open, ticks), ticks);
      int end = close < 0 ? ticks : close + ticks - open;
      plain.append(line, open, end);
      from = end;
    }
  }

  /** Normalizes text that is not code. */
  static String outsideCode(String text) {
    StringBuilder plain = null;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      int spelt =
          letter < 0x7F && letter != '\u000B' && letter != '\f' ? letter : spellOut(text, i);
      if (spelt != letter && plain == null) {
        plain = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (plain != null && spelt >= 0) {
        plain.append((char) spelt);
      }
    }
    String spelt = plain == null ? text : plain.toString();
    return DASHED_DATE.matcher(spelt).replaceAll("$1-$2-$3");
  }

  /** The replacement of a character; negative if it is removed. */
  private static int spellOut(String text, int at) {
    char letter = text.charAt(at);
    return switch (letter) {
      case '\u00A0', '\u202F', '\u2007', '\u205F', '\u3000', '\u1680' -> ' ';
      case '\u200B', '\u2060', '\uFEFF', '\u00AD', '\u180E', '\u200E', '\u200F', '\u061C' -> -1;
      case '\u202A', '\u202B', '\u202C', '\u202D', '\u202E' -> -1;
      case '\u2066', '\u2067', '\u2068', '\u2069' -> -1;
      // Joiners belong to emoji and to some scripts.
      case '\u200C', '\u200D' -> isPlain(text, at - 1) || isPlain(text, at + 1) ? -1 : letter;
      case '\u2028', '\u2029', '\u0085', '\u000B', '\f' -> '\n';
      case '\u2010', '\u2011', '\uFE63', '\uFF0D' -> '-';
      case '：', '（', '）', '，', '；', '／', '．', '＠', '％', '［', '］', '＝', '！', '？' -> letter - 0xFEE0;
      default -> {
        if (letter >= '\u2000' && letter <= '\u200A') {
          yield ' ';
        }
        yield letter >= '０' && letter <= '９' ? letter - 0xFEE0 : letter;
      }
    };
  }

  private static boolean isPlain(String text, int at) {
    return at >= 0 && at < text.length() && text.charAt(at) < 0x250;
  }
}
