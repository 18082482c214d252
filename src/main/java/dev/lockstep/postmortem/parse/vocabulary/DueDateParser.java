package dev.lockstep.postmortem.parse.vocabulary;

import dev.lockstep.postmortem.parse.Vocabulary;
import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses the text in the place of a due date. */
final class DueDateParser {
  /** Longer texts are not dates. In characters. */
  private static final int LONGEST = 200;

  private static final Pattern YEAR_FIRST =
      Pattern.compile("(\\d{4})\\s?[-/.年]\\s?(\\d{1,2})[-/.月]\\s?(\\d{1,2})(?:日|[T ]\\d.*)?");
  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,2})([./-])(\\d{1,2})\\2(\\d{4}|\\d{2})");
  private static final Pattern STRUCK = Pattern.compile("~~[^~]++~~");
  private static final Pattern RANGE =
      Pattern.compile("(?i)\\s*(?:[-–—~〜～→]|->|=>|to|until|through|bis|au?|à|al?|até|から)\\s*");
  private static final Pattern QUESTION_MARKS = Pattern.compile("[?？]+");
  private static final Pattern END = Pattern.compile("[.,;]++$");
  private static final Pattern BRACKETS = Pattern.compile("^[\\s(\\[,;:-]++|[\\s)\\],;.-]++$");

  private final DatePatterns dates;
  private final Map<String, Integer> months = new HashMap<>();
  private final Pattern weekday;
  private final Pattern monthFirst;
  private final Pattern dayFirst;
  private final Pattern rangeStart;

  DueDateParser(Vocabulary words, DatePatterns dates) {
    this.dates = dates;
    for (int i = 0; i < 12; i++) {
      for (String name : words.month(i)) {
        months.putIfAbsent(Phrases.folded(name), i + 1);
      }
    }
    this.weekday = DatePatterns.compile("^<weekday>\\.?,?\\s++(?=\\S)", words);
    this.monthFirst = DatePatterns.compile("(<month>)\\s++(\\d{1,2})\\D*?,?\\s++(\\d{4})", words);
    this.dayFirst =
        DatePatterns.compile(
            "(\\d{1,2})(?:st|nd|rd|th|er|[ºª.])?[\\s-]++<of>(<month>),?[\\s-]++<of>(\\d{4})",
            words);
    this.rangeStart =
        DatePatterns.compile(
            "(?:" + DatePatterns.MONTH_AND_DAY + "|\\d{1,2}\\.?)" + RANGE.pattern(), words);
  }

  /**
   * @param order in which the document writes numeric dates; asked only if a date depends on it
   */
  DueDate parse(String written, Supplier<DateOrder> order) {
    String text = END.matcher(InlineText.tidy(written)).replaceFirst("");
    if (text.length() > LONGEST) {
      return unreadable(text);
    }
    String current = dates.withoutLabel(withoutStruck(text), " ");
    List<MatchResult> found = dates.find(current).results().toList();
    if (found.isEmpty() || found.size() > 2) {
      return unreadable(text);
    }
    MatchResult first = found.get(0);
    MatchResult last = found.get(found.size() - 1);
    String before = current.substring(0, last.start());
    String behind = BRACKETS.matcher(current.substring(last.end())).replaceAll("").strip();
    boolean two = found.size() == 2;
    boolean range =
        two
            ? first.start() == 0
                && RANGE.matcher(current.substring(first.end(), last.start())).matches()
            : rangeStart.matcher(before).matches();
    if (two && !range) {
      return unreadable(text);
    }
    DueDate day = day(text, last.group(), order);
    if (day.date() == null) {
      return day;
    }
    if (range && behind.isEmpty()) {
      return reported(day.date(), "the due date \"%s\" is a range; its end %s is used", text);
    }
    if (QUESTION_MARKS.matcher(behind).matches() && before.isBlank()) {
      return reported(
          day.date(), "the due date \"%s\" has a question mark; write %s if it is agreed", text);
    }
    String rest = (BRACKETS.matcher(before).replaceAll("") + " " + behind).strip();
    return new DueDate(day.date(), null, range ? current : rest);
  }

  private static DueDate reported(LocalDate day, String problem, String text) {
    return new DueDate(day, problem.formatted(TemplatePlaceholders.brief(text), day), "");
  }

  private static String withoutStruck(String text) {
    String current = STRUCK.matcher(text).replaceAll(" ").strip();
    return current.isEmpty() ? text.replace("~~", "") : current;
  }

  private DueDate day(String text, String found, Supplier<DateOrder> order) {
    String day = weekday.matcher(found).replaceFirst("").strip();
    Matcher match;
    if ((match = YEAR_FIRST.matcher(day)).matches()) {
      return of(text, match.group(1), match.group(2), match.group(3));
    }
    if ((match = NUMBERS.matcher(day)).matches()) {
      return numeric(text, match, order);
    }
    if ((match = monthFirst.matcher(day)).matches()) {
      return of(text, match.group(3), month(match.group(1)), match.group(2));
    }
    if ((match = dayFirst.matcher(day)).matches()) {
      return of(text, match.group(3), month(match.group(2)), match.group(1));
    }
    return unreadable(text);
  }

  private static DueDate unreadable(String text) {
    return new DueDate(
        null,
        "the due date \"%s\" is not a day; write it as 2026-12-01"
            .formatted(TemplatePlaceholders.brief(text)),
        "");
  }

  private static DueDate numeric(String text, Matcher match, Supplier<DateOrder> order) {
    int first = Integer.parseInt(match.group(1));
    int second = Integer.parseInt(match.group(3));
    String year = match.group(4).length() == 2 ? "20" + match.group(4) : match.group(4);
    boolean dots = match.group(2).equals(".");
    boolean ambiguous = first <= 12 && second <= 12 && first != second && !dots;
    if (ambiguous && order.get() == DateOrder.UNKNOWN) {
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
    boolean dayFirstly = dots || first > 12 || (ambiguous && order.get() == DateOrder.DAY_FIRST);
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
