package dev.lockstep.connector.text;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes the effect of words such as mentions that notify a whole channel: inserts a space after
 * their first character. Reading removes it again, so that the text is the same on both sides.
 */
public final class Neutralizer {
  private final List<Pattern> words;

  /**
   * @param words case-insensitive; one of a single character is followed by the space
   */
  public Neutralizer(List<String> words) {
    this.words =
        words.stream()
            .map(
                word ->
                    Pattern.compile(
                        "(%s)( *+)(%s)"
                            .formatted(
                                Pattern.quote(word.substring(0, 1)),
                                Pattern.quote(word.substring(1))),
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
            .toList();
  }

  public String neutralized(String text) {
    String result = text;
    for (Pattern word : words) {
      result = word.matcher(result).replaceAll("$1 $2$3");
    }
    return result;
  }

  public String restored(String text) {
    String result = text;
    for (int i = words.size() - 1; i >= 0; i--) {
      result = words.get(i).matcher(result).replaceAll(Neutralizer::restored);
    }
    return result;
  }

  private static String restored(MatchResult word) {
    String blanks = word.group(2);
    return Matcher.quoteReplacement(
        word.group(1) + (blanks.isEmpty() ? "" : blanks.substring(1)) + word.group(3));
  }
}
