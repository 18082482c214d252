package dev.lockstep.postmortem.parse;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses dates in the languages of the vocabulary, and recognizes texts that only resemble one. */
final class Dates {
  /** Whether day or month comes first in 04/05/2026. */
  enum Order {
    DAY_FIRST,
    MONTH_FIRST,
    UNKNOWN
  }

  /** Longer texts are not dates. In characters. */
  private static final int LONGEST = 200;

  private static final Pattern YEAR_FIRST =
      Pattern.compile("(\\d{4})\\s?[-/.年]\\s?(\\d{1,2})[-/.月]\\s?(\\d{1,2})(?:日|[T ]\\d.*)?");
  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,2})([./-])(\\d{1,2})\\2(\\d{4}|\\d{2})");
  private static final String BEFORE =
      "(?:(?:^|\\s)(?:[-–—]{1,3}|->|[→|,·:])\\s*|[📅⏳]\\s*|^\\s*|(?<=[)\\]。])\\s*)";
  private static final Pattern STRUCK = Pattern.compile("~~[^~]++~~");
  private static final Pattern MARKS = Pattern.compile("[📅🗓⏳⌛⏰\uFE0F]|@(?=\\S)");
  private static final Pattern RANGE =
      Pattern.compile("(?i)\\s*(?:[-–—~〜～→]|->|=>|to|until|through|bis|au?|à|al?|até|から)\\s*");
  private static final Pattern UNCERTAIN = Pattern.compile("[?？]+");
  private static final Pattern END = Pattern.compile("[.,;]++$");
  private static final Pattern BRACKETS = Pattern.compile("^[\\s(\\[,;:-]++|[\\s)\\],;.-]++$");

  private final Order order;
  private final Map<String, Integer> months;
  private final Pattern placed;
  private final Pattern afterName;
  private final Pattern dueBehind;
  private final Pattern dates;
  private final Pattern vague;
  private final Pattern monthFirst;
  private final Pattern dayFirst;
  private final Pattern weekday;
  private final Pattern due;
  private final Pattern partOfRange;

  Dates(Vocabulary words) {
    this.order = Order.UNKNOWN;
    this.months = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      for (String name : words.month(i)) {
        months.putIfAbsent(Phrases.folded(name), i + 1);
        names.add(name);
      }
    }
    String month = Phrases.alternation(names) + "\\.?";
    String day = "\\d{1,2}(?:st|nd|rd|th|er|[ºª.])?";
    String of = "(?:" + Phrases.alternation(words.all(Vocabulary.Language::dateWords)) + "\\s++)?";
    String weekdays = Phrases.alternation(words.all(Vocabulary.Language::weekdays));
    String clock = "(?:[T ]\\d{2}:\\d{2}(?::\\d{2})?(?:\\.\\d++)?(?:Z|[+-]\\d{2}:?\\d{2})?)?";
    String date =
        "(?:(?<![\\w/.-])(?:"
            + weekdays
            + "\\.?,?\\s++)?(?:"
            + "\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}"
            + clock
            + "|\\d{4}\\s?年\\s?\\d{1,2}\\s?月\\s?\\d{1,2}\\s?日"
            + "|\\d{1,2}([./-])\\d{1,2}%s(?:\\d{4}|\\d{2})"
            + "|"
            + month
            + "\\s++"
            + day
            + ",?\\s++\\d{4}|"
            + day
            + "[\\s-]++"
            + of
            + month
            + ",?[\\s-]++"
            + of
            + "\\d{4})(?![\\w/-]))";
    this.dates = Phrases.compiled(date.formatted("\\1"));
    this.placed = Phrases.compiled(BEFORE + "(" + date.formatted("\\2") + ")[\\s.]*+$");
    this.afterName = Phrases.compiled("[,\\s]\\s*+(" + date.formatted("\\2") + ")[\\s.]*+$");
    String behind = Phrases.alternation(words.all(Vocabulary.Language::dueAfter));
    this.dueBehind = Phrases.compiled(date.formatted("\\1") + "\\s?" + behind);
    this.monthFirst = Phrases.compiled("(" + month + ")\\s++(\\d{1,2})\\D*?,?\\s++(\\d{4})");
    this.dayFirst =
        Phrases.compiled(
            "(\\d{1,2})(?:st|nd|rd|th|er|[ºª.])?[\\s-]++"
                + of
                + "("
                + month
                + "),?[\\s-]++"
                + of
                + "(\\d{4})");
    this.weekday = Phrases.compiled("^" + weekdays + "\\.?,?\\s++(?=\\S)");
    String vaguely = Phrases.alternation(words.all(Vocabulary.Language::vague));
    String spans = Phrases.alternation(words.all(Vocabulary.Language::spans));
    String within = Phrases.alternation(words.all(Vocabulary.Language::spanWords));
    String monthDay = month + "[\\s-]?\\d{1,4}(?:st|nd|rd|th)?\\b|" + day + "\\s++" + of + month;
    this.vague =
        Phrases.compiled(
            "(?:"
                + within
                + "\\s++(?:\\d++|an?|one|two|three|four|six)\\s?"
                + spans
                + "|"
                + vaguely
                + "(?:[\\s-]++(?:"
                + weekdays
                + "|"
                + month
                + "(?:\\s++\\d{4})?|of\\s++"
                + month
                + "|q[1-4]|\\d{4}))?"
                + "|(?<!\\w)q[1-4](?!\\w)(?:[\\s/-]*+\\d{2,4})?|(?<!\\w)h[12](?!\\w)(?:\\s*+\\d{4})?"
                + "|\\d{4}-?w\\d{1,2}|(?<!\\w)kw\\s?\\d{1,2}|"
                + weekdays
                + "(?=\\W|$)"
                + "|\\d{1,2}/\\d{1,2}(?![\\d/])|\\d{1,2}\\s?月\\s?\\d{1,2}\\s?日"
                + "|"
                + monthDay
                + ")");
    this.due =
        Phrases.compiled(
            "^"
                + Phrases.alternation(words.all(each -> concat(each.due(), each.dueInBrackets())))
                + "\\s*+:?\\s*+|\\s*+"
                + behind
                + "$");
    this.partOfRange = Phrases.compiled("(?:" + monthDay + "|\\d{1,2}\\.?)" + RANGE.pattern());
  }

  private Dates(Dates other, Order order) {
    this.order = order;
    this.months = other.months;
    this.placed = other.placed;
    this.afterName = other.afterName;
    this.dueBehind = other.dueBehind;
    this.dates = other.dates;
    this.vague = other.vague;
    this.monthFirst = other.monthFirst;
    this.dayFirst = other.dayFirst;
    this.weekday = other.weekday;
    this.due = other.due;
    this.partOfRange = other.partOfRange;
  }

  private static List<String> concat(List<String> one, List<String> other) {
    List<String> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }

  Dates withOrder(Order known) {
    return new Dates(this, known);
  }

  /** Anything in the form of a full date, whether the day exists or not. */
  Matcher find(CharSequence text) {
    return dates.matcher(text);
  }

  /** Texts written instead of a date, such as "next week". */
  Matcher findVague(CharSequence text) {
    return vague.matcher(text);
  }

  /** A date at the end of a text after a separator; group 1 is the date. */
  Matcher findWithPreposition(CharSequence text) {
    return placed.matcher(text);
  }

  /** A date at the end after a comma or a space; group 1 is the date. */
  Pattern afterName() {
    return afterName;
  }

  /** A date followed by a word for "due". */
  Matcher findTrailingLabel(CharSequence text) {
    return dueBehind.matcher(text);
  }

  /** Removes the word for "due" before the date. */
  String withoutLabel(String text) {
    return due.matcher(MARKS.matcher(text).replaceAll("").strip()).replaceAll("").strip();
  }

  boolean isDate(String text) {
    return dates.matcher(text).matches();
  }

  /** Parses the text in the place of a due date. */
  DueDate read(String written) {
    String text = END.matcher(InlineText.tidy(written)).replaceFirst("");
    if (text.length() > LONGEST) {
      return unreadable(text);
    }
    String current = withoutStruck(text);
    current = due.matcher(MARKS.matcher(current).replaceAll(" ").strip()).replaceAll("").strip();
    List<MatchResult> found = dates.matcher(current).results().toList();
    if (found.isEmpty() || found.size() > 2) {
      return unreadable(text);
    }
    MatchResult last = found.get(found.size() - 1);
    String before = current.substring(0, last.start());
    String behind = BRACKETS.matcher(current.substring(last.end())).replaceAll("").strip();
    boolean range =
        found.size() == 2
            ? RANGE.matcher(current.substring(found.get(0).end(), last.start())).matches()
                && found.get(0).start() == 0
            : partOfRange.matcher(before).matches();
    DueDate day = day(text, last.group());
    if (found.size() == 2 && !range) {
      return unreadable(text);
    }
    if (day.date() == null) {
      return day;
    }
    if (range && behind.isEmpty()) {
      return new DueDate(
          day.date(),
          "the due date \"%s\" is a range; its end %s is used"
              .formatted(Placeholders.brief(text), day.date()),
          "");
    }
    if (UNCERTAIN.matcher(behind).matches() && before.isBlank()) {
      return new DueDate(
          day.date(),
          "the due date \"%s\" has a question mark; write %s if it is agreed"
              .formatted(Placeholders.brief(text), day.date()),
          "");
    }
    String rest = (BRACKETS.matcher(before).replaceAll("") + " " + behind).strip();
    return new DueDate(day.date(), null, range ? current : rest);
  }

  private static String withoutStruck(String text) {
    String current = STRUCK.matcher(text).replaceAll(" ").strip();
    return current.isEmpty() ? text.replace("~~", "") : current;
  }

  private DueDate day(String text, String found) {
    String day = weekday.matcher(found).replaceFirst("").strip();
    Matcher match;
    if ((match = YEAR_FIRST.matcher(day)).matches()) {
      return of(text, match.group(1), match.group(2), match.group(3));
    }
    if ((match = NUMBERS.matcher(day)).matches()) {
      return numbers(text, match);
    }
    if ((match = monthFirst.matcher(day)).matches()) {
      return of(text, match.group(3), month(match.group(1)), match.group(2));
    }
    if ((match = dayFirst.matcher(day)).matches()) {
      return of(text, match.group(3), month(match.group(2)), match.group(1));
    }
    return unreadable(text);
  }

  static DueDate unreadable(String text) {
    return new DueDate(
        null,
        "the due date \"%s\" is not a day; write it as 2026-12-01"
            .formatted(Placeholders.brief(text)),
        "");
  }

  private DueDate numbers(String text, Matcher match) {
    int first = Integer.parseInt(match.group(1));
    int second = Integer.parseInt(match.group(3));
    String year = match.group(4).length() == 2 ? "20" + match.group(4) : match.group(4);
    boolean dots = match.group(2).equals(".");
    boolean ambiguous = first <= 12 && second <= 12 && first != second && !dots;
    if (ambiguous && order == Order.UNKNOWN) {
      return new DueDate(
          null,
          "the due date \"%s\" is ambiguous; write it as %3$s-%2$s or %3$s-%4$s"
              .formatted(
                  text,
                  "%02d-%02d".formatted(first, second),
                  year,
                  "%02d-%02d".formatted(second, first)),
          "");
    }
    boolean dayFirstly = dots || first > 12 || (ambiguous && order == Order.DAY_FIRST);
    return dayFirstly
        ? of(text, year, match.group(3), match.group(1))
        : of(text, year, match.group(1), match.group(3));
  }

  private static DueDate of(String text, String year, @Nullable String month, String day) {
    try {
      return new DueDate(
          LocalDate.of(
              Integer.parseInt(year),
              Integer.parseInt(String.valueOf(month)),
              Integer.parseInt(day)),
          null,
          "");
    } catch (DateTimeException | NumberFormatException e) {
      return unreadable(text);
    }
  }

  private @Nullable String month(String name) {
    Integer month = months.get(Phrases.folded(END.matcher(name).replaceFirst("")));
    return month == null ? null : month.toString();
  }
}
