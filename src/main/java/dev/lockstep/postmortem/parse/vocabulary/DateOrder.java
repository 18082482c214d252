package dev.lockstep.postmortem.parse.vocabulary;

import dev.lockstep.postmortem.parse.Vocabulary;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether day or month comes first in 04/05/2026. */
enum DateOrder {
  DAY_FIRST,
  MONTH_FIRST,
  UNKNOWN;

  private static final Pattern NUMBERS =
      Pattern.compile("(?<![\\d/.-])(\\d{1,2})[/-](\\d{1,2})[/-]\\d{4}(?![\\d/-])");
  private static final Pattern TITLES = Pattern.compile("(?m)^\\s{0,3}(?:#{1,6}|\\|).{0,300}");

  /** The order that a document uses, if it can be determined. */
  static DateOrder of(String document, Vocabulary words, Columns columns) {
    DateOrder used = ofDates(document);
    return used == UNKNOWN ? ofLanguage(document, words, columns) : used;
  }

  /** Determined by a date in which only one of the numbers can be the month. */
  private static DateOrder ofDates(String document) {
    boolean dayFirst = false;
    boolean monthFirst = false;
    Matcher numbers = NUMBERS.matcher(document);
    while (numbers.find()) {
      dayFirst |= Integer.parseInt(numbers.group(1)) > 12;
      monthFirst |= Integer.parseInt(numbers.group(2)) > 12;
    }
    if (dayFirst == monthFirst) {
      // Both: the document mixes them, so ambiguous dates must not be guessed.
      return UNKNOWN;
    }
    return dayFirst ? DAY_FIRST : MONTH_FIRST;
  }

  /** Determined by the language with the most matching words in headings and tables. */
  private static DateOrder ofLanguage(String document, Vocabulary words, Columns columns) {
    String titles =
        TITLES
            .matcher(document)
            .results()
            .map(MatchResult::group)
            .limit(200)
            .collect(Collectors.joining("\n"));
    Map<String, Long> counts = new HashMap<>();
    for (String language : words.languages().keySet()) {
      counts.put(
          language,
          columns
              .ofLanguage(language)
              .matcher(titles)
              .results()
              .map(m -> Phrases.folded(m.group()))
              .distinct()
              .count());
    }
    long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
    Set<String> orders =
        words.stream()
            .filter(entry -> counts.getOrDefault(entry.getKey(), 0L) == most)
            .map(entry -> String.valueOf(entry.getValue().dateOrder()))
            .collect(Collectors.toSet());
    if (most == 0 || orders.size() != 1) {
      return UNKNOWN;
    }
    return switch (orders.iterator().next()) {
      case "day-first" -> DAY_FIRST;
      case "month-first" -> MONTH_FIRST;
      default -> UNKNOWN;
    };
  }
}
