package dev.lockstep.postmortem.parse.markdown;

import dev.lockstep.postmortem.parse.PostmortemParseException;

/**
 * Limits the HTML in a document. For each {@code <} the parser searches for the end of a tag up to
 * the end of the paragraph, so a page full of them would take minutes. Real documents are far below
 * the limit.
 */
public final class HtmlCostGuard {
  private static final long MOST_STEPS = 100_000_000;

  private HtmlCostGuard() {}

  public static void refuseIfCostly(String markdown) {
    long steps = 0;
    int end = markdown.length();
    int close = end;
    boolean blank = true;
    for (int i = markdown.length() - 1; i >= 0; i--) {
      char letter = markdown.charAt(i);
      if (letter == '\n' || letter == '\r') {
        if (blank) {
          end = i;
          close = i;
        }
        blank = true;
      } else if (letter == '>') {
        close = i;
      } else if (letter == '<') {
        char next = i + 1 < markdown.length() ? markdown.charAt(i + 1) : ' ';
        steps += (next == '!' || next == '?' ? end : close) - i;
      }
      blank &= letter == '\n' || letter == '\r' || letter == ' ' || letter == '\t';
    }
    if (steps > MOST_STEPS) {
      throw new PostmortemParseException(
          "there are too many < in one paragraph; put what is code or a log into a block of ```");
    }
  }
}
