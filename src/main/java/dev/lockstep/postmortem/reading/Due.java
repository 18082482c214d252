package dev.lockstep.postmortem.reading;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A due date as it was read, or why it could not be. */
record Due(@Nullable LocalDate date, @Nullable String problem) {
  static final Due NONE = new Due(null, null);

  private static final String MONTH =
      "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
          + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
  private static final String DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  /** Anything with the shape of a full date, whether the day exists or not. */
  static final String DATE =
      "(?i:(?<![\\w/.-])(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,?\\s+)?(?:\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}|\\d{1,2}[./]\\d{1,2}[./]\\d{4}|"
          + MONTH.replace("(jan", "(?:jan")
          + "\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?,?\\s+\\d{4}|\\d{1,2}(?:st|nd|rd|th)?[\\s-]+(?:of\\s+)?"
          + MONTH.replace("(jan", "(?:jan")
          + "\\.?,?[\\s-]+\\d{4})(?![\\w/-]))";

  /** What people write where they know no day. */
  static final String VAGUE =
      "(?i:asap|eo[dwmqy]\\b|tomorrow|today|tonight|q[1-4]\\b(?:[\\s/-]*\\d{2,4})?|h[12]\\b(?:\\s*\\d{4})?"
          + "|(?:next|this|the end of|end of)\\s+(?:the\\s+)?(?:day|week|month|quarter|year|sprint|release"
          + "|iteration|q[1-4])|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\\d{1,2}/\\d{1,2}(?![\\d/])"
          + "|"
          + MONTH.replace("(jan", "(?:jan")
          + "\\.?\\s+\\d{1,4}(?:st|nd|rd|th)?\\b)";

  private static final Pattern YEAR_FIRST =
      Pattern.compile("(\\d{4})[-/](\\d{1,2})[-/](\\d{1,2})(?:[T ]\\d{2}:\\d{2}.*)?");
  private static final Pattern DOTS = Pattern.compile("(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})");
  private static final Pattern SLASHES = Pattern.compile("(\\d{1,2})/(\\d{1,2})/(\\d{4})");
  private static final Pattern MONTH_FIRST =
      Pattern.compile("(?i)" + MONTH + "\\.?\\s+" + DAY + ",?\\s+(\\d{4})");
  private static final Pattern DAY_FIRST =
      Pattern.compile("(?i)" + DAY + "[\\s-]+(?:of\\s+)?" + MONTH + "\\.?,?[\\s-]+(\\d{4})");
  private static final Pattern WEEKDAY =
      Pattern.compile("(?i)^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,?\\s+(?=\\S*\\d|[a-z]{3})");

  static Due read(String written) {
    String text = Text.tidy(written).replaceFirst("[.,;]+$", "");
    if (Words.isNothing(text)) {
      return NONE;
    }
    String day = WEEKDAY.matcher(text).replaceFirst("");
    Matcher match;
    if ((match = YEAR_FIRST.matcher(day)).matches()) {
      return of(text, match.group(1), match.group(2), match.group(3));
    }
    if ((match = DOTS.matcher(day)).matches()) {
      return of(text, match.group(3), match.group(2), match.group(1));
    }
    if ((match = SLASHES.matcher(day)).matches()) {
      return slashes(text, match);
    }
    if ((match = MONTH_FIRST.matcher(day)).matches()) {
      return of(text, match.group(3), month(match.group(1)), match.group(2));
    }
    if ((match = DAY_FIRST.matcher(day)).matches()) {
      return of(text, match.group(3), month(match.group(2)), match.group(1));
    }
    return unread(text);
  }

  static Due unread(String text) {
    return new Due(
        null, "the due date «%s» is no day; write it as 2026-12-01".formatted(Words.brief(text)));
  }

  private static Due slashes(String text, Matcher match) {
    int first = Integer.parseInt(match.group(1));
    int second = Integer.parseInt(match.group(2));
    if (first <= 12 && second <= 12 && first != second) {
      return new Due(
          null,
          "the due date «%s» is ambiguous; write it as %3$s-%2$s or %3$s-%4$s"
              .formatted(
                  text,
                  "%02d-%02d".formatted(first, second),
                  match.group(3),
                  "%02d-%02d".formatted(second, first)));
    }
    return first > 12
        ? of(text, match.group(3), match.group(2), match.group(1))
        : of(text, match.group(3), match.group(1), match.group(2));
  }

  private static Due of(String text, String year, String month, String day) {
    try {
      return new Due(
          LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day)),
          null);
    } catch (DateTimeException e) {
      return unread(text);
    }
  }

  private static String month(String name) {
    return Integer.toString(1 + MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT)));
  }
}
