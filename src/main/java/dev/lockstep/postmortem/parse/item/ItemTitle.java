package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.markdown.InlineText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a title of the text that remains of an item. */
final class ItemTitle {
  private static final Pattern EMPTY_BRACKETS =
      Pattern.compile(
          "(?i)[(\\[]\\s*(?:(?:see|cf|via|in|ref|link|tracked in)\\b)?[\\s,;:./&|-]*[)\\]]");

  /** The end of a sentence, but not of an abbreviation. */
  private static final Pattern SENTENCE_END =
      Pattern.compile(
          "(?<!\\b(?:vs|e\\.g|i\\.e|etc|cf|incl|approx|resp|Dr|Mr|Ms|St|No))(?<=[\\p{L}\\p{N})»\"'`]{2})[.!?](?=\\s+[\\p{Lu}\\[(\"])");

  /** From here on, only the first sentence is the title. In characters. */
  private static final int LONG = 120;

  /** In code points. */
  private static final int LONGEST = 250;

  private ItemTitle() {}

  static String from(String rest) {
    String title = EMPTY_BRACKETS.matcher(rest).replaceAll(" ");
    title = EMPTY_BRACKETS.matcher(title).replaceAll(" ");
    title = InlineText.tidy(title.replace("~~", "").replace(DueDateFinder.DATE_MARK, ' '));
    title = title.replaceFirst("^[\\s:;,.|–—·•*-]++(?<=\\s)|^[:;,|]++", "");
    title = withoutEnd(title).strip();
    title = title.replaceAll("\\s+([,.;:])(?=\\s|$)", "$1").replaceAll("[,;:]+(?=[.,;])", "");
    return shortened(title);
  }

  private static String withoutEnd(String title) {
    int end = title.length();
    while (end > 0
        && (" :;,|·–—=*_-→".indexOf(title.charAt(end - 1)) >= 0
            || (title.charAt(end - 1) == '.' && !title.startsWith("..", Math.max(0, end - 2))))) {
      end--;
    }
    return title.substring(0, end);
  }

  private static String shortened(String title) {
    String line = title;
    if (line.length() > LONG) {
      Matcher end = SENTENCE_END.matcher(line);
      if (end.find() && end.start() >= 10) {
        line = line.substring(0, end.start());
      }
    }
    if (line.codePointCount(0, line.length()) > LONGEST) {
      int cut = line.offsetByCodePoints(0, LONGEST - 1);
      int space = line.lastIndexOf(' ', cut);
      line = line.substring(0, space > LONGEST / 2 ? space : cut).strip() + "…";
    }
    return line;
  }
}
