package dev.lockstep.postmortem.parse.vocabulary;

import dev.lockstep.postmortem.parse.Vocabulary;
import dev.lockstep.postmortem.parse.Vocabulary.Language;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognizes dates in the languages of the vocabulary, and texts that stand for one. */
public final class DatePatterns {
  private static final String SEPARATOR =
      "(?:(?:^|\\s)(?:[-–—]{1,3}|->|[→|,·:])\\s*|[📅⏳]\\s*|^\\s*|(?<=[)\\]。])\\s*)";
  private static final String TIME =
      "(?:[T ]\\d{2}:\\d{2}(?::\\d{2})?(?:\\.\\d++)?(?:Z|[+-]\\d{2}:?\\d{2})?)?";

  /** Group %d is the separator of a numeric date. */
  private static final String DATE =
      "(?:(?<![\\w/.-])(?:<weekday>\\.?,?\\s++)?(?:"
          + ("\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}" + TIME)
          + "|\\d{4}\\s?年\\s?\\d{1,2}\\s?月\\s?\\d{1,2}\\s?日"
          + "|\\d{1,2}([./-])\\d{1,2}\\%d(?:\\d{4}|\\d{2})"
          + "|<month>\\s++<day>,?\\s++\\d{4}"
          + "|<day>[\\s-]++<of><month>,?[\\s-]++<of>\\d{4})(?![\\w/-]))";

  /** A date without a year. */
  static final String MONTH_AND_DAY =
      "<month>[\\s-]?\\d{1,4}(?:st|nd|rd|th)?\\b|<day>\\s++<of><month>";

  private static final String VAGUE =
      "(?:<within>\\s++(?:\\d++|an?|one|two|three|four|six)\\s?<span>"
          + "|<vague>(?:[\\s-]++(?:<weekday>|<month>(?:\\s++\\d{4})?|of\\s++<month>|q[1-4]|\\d{4}))?"
          + "|(?<!\\w)q[1-4](?!\\w)(?:[\\s/-]*+\\d{2,4})?|(?<!\\w)h[12](?!\\w)(?:\\s*+\\d{4})?"
          + "|\\d{4}-?w\\d{1,2}|(?<!\\w)kw\\s?\\d{1,2}|<weekday>(?=\\W|$)"
          + "|\\d{1,2}/\\d{1,2}(?![\\d/])|\\d{1,2}\\s?月\\s?\\d{1,2}\\s?日|"
          + (MONTH_AND_DAY + ")");

  private static final Pattern MARKS = Pattern.compile("[📅🗓⏳⌛⏰\uFE0F]|@(?=\\S)");

  private final Pattern date;
  private final Pattern vague;
  private final Pattern atEnd;
  private final Pattern afterName;
  private final Pattern beforeLabel;
  private final Pattern label;

  DatePatterns(Vocabulary words) {
    String first = DATE.formatted(1);
    String second = "(" + DATE.formatted(2) + ")[\\s.]*+$";
    this.date = compile(first, words);
    this.vague = compile(VAGUE, words);
    this.atEnd = compile(SEPARATOR + second, words);
    this.afterName = compile("[,\\s]\\s*+" + second, words);
    this.beforeLabel = compile(first + "\\s?<behind>", words);
    this.label = compile("^<due>\\s*+:?\\s*+|\\s*+<behind>$", words);
  }

  /** Compiles an expression with words of the vocabulary, such as {@code <month>}. */
  static Pattern compile(String expression, Vocabulary words) {
    String whole = expression.replace("<day>", "\\d{1,2}(?:st|nd|rd|th|er|[ºª.])?");
    whole = whole.replace("<month>", Phrases.alternation(words.months()) + "\\.?");
    whole = whole.replace("<of>", "(?:" + any(words, Language::dateWords) + "\\s++)?");
    whole = whole.replace("<weekday>", any(words, Language::weekdays));
    whole = whole.replace("<within>", any(words, Language::spanWords));
    whole = whole.replace("<span>", any(words, Language::spans));
    whole = whole.replace("<vague>", any(words, Language::vague));
    whole = whole.replace("<behind>", any(words, Language::dueAfter));
    return Phrases.compiled(whole.replace("<due>", any(words, Language::dueAnywhere)));
  }

  private static String any(Vocabulary words, Function<Language, List<String>> phrases) {
    return Phrases.alternation(words.all(phrases));
  }

  /** Anything in the form of a full date, whether the day exists or not. */
  public Matcher find(CharSequence text) {
    return date.matcher(text);
  }

  public boolean isDate(String text) {
    return date.matcher(text).matches();
  }

  /** Texts written instead of a date, such as "next week". */
  public Matcher findVague(CharSequence text) {
    return vague.matcher(text);
  }

  /** A date at the end of a text after a separator; group 1 is the date. */
  public Matcher findAtEnd(CharSequence text) {
    return atEnd.matcher(text);
  }

  /** A date at the end after a comma or a space; group 1 is the date. */
  public Pattern afterName() {
    return afterName;
  }

  /** A date followed by a word for "due". */
  public Matcher findBeforeLabel(CharSequence text) {
    return beforeLabel.matcher(text);
  }

  /** Removes calendar signs, and the word for "due" before or after a date. */
  public String withoutLabel(String text) {
    return withoutLabel(text, "");
  }

  /**
   * @param blank in place of each sign
   */
  String withoutLabel(String text, String blank) {
    return label.matcher(MARKS.matcher(text).replaceAll(blank).strip()).replaceAll("").strip();
  }
}
