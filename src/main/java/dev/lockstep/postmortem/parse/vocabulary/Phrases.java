package dev.lockstep.postmortem.parse.vocabulary;

import java.text.Normalizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compiles lists of words into expressions that match in linear time, in any script. */
public final class Phrases {
  private static final String NO_LETTER_BEFORE = "(?<![\\p{L}\\p{M}\\p{N}_])";
  private static final String NO_LETTER_BEHIND = "(?![\\p{L}\\p{M}\\p{N}_])";

  /** Scripts that write no spaces between words. */
  private static final Pattern UNSPACED =
      Pattern.compile(".*[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}].*");

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private Phrases() {}

  /** The normalized form in which two spellings of a phrase are compared. */
  public static String folded(String phrase) {
    String composed = Normalizer.normalize(phrase, Normalizer.Form.NFC).replace('’', '\'');
    return BLANKS
        .matcher(composed.replace("\uFE0F", ""))
        .replaceAll(" ")
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  static Pattern pattern(Collection<String> phrases) {
    return compiled(alternation(phrases));
  }

  static Pattern compiled(String expression) {
    return Pattern.compile(expression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /** A non-capturing group that matches any of the phrases, the longest first. */
  static String alternation(Collection<String> phrases) {
    List<String> sorted =
        phrases.stream()
            .map(Phrases::folded)
            .filter(phrase -> !phrase.isEmpty())
            .distinct()
            .sorted(Comparator.comparing((String phrase) -> -phrase.length()).thenComparing(p -> p))
            .map(Phrases::expression)
            .toList();
    return sorted.isEmpty() ? "(?!)" : sorted.stream().collect(Collectors.joining("|", "(?:", ")"));
  }

  private static String expression(String phrase) {
    boolean spaced = !UNSPACED.matcher(phrase).matches();
    String words =
        BLANKS
            .splitAsStream(phrase)
            .map(word -> Pattern.quote(word).replace("'", "\\E['’]\\Q"))
            .collect(Collectors.joining("\\s++"));
    int first = phrase.codePointAt(0);
    int last = phrase.codePointBefore(phrase.length());
    return (spaced && Character.isLetterOrDigit(first) ? NO_LETTER_BEFORE : "")
        + words
        + (spaced && Character.isLetterOrDigit(last) ? NO_LETTER_BEHIND : "");
  }
}
