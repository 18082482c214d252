package dev.lockstep.postmortem.parse;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The compiled vocabulary. Immutable. */
final class Lexicon {
  private static final Set<String> EMPTY =
      Set.of("", "?", "??", "???", "-", "--", "---", "–", "—", "…", "...", "_", "/");
  private static final Pattern AROUND =
      Pattern.compile("^[@(\\[<*]++|(?<=.)[)\\]>.*]++$", Pattern.DOTALL);
  private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}\\p{N}/]+");
  private static final Pattern NUMBERS =
      Pattern.compile("(?<![\\d/.-])(\\d{1,2})[/-](\\d{1,2})[/-]\\d{4}(?![\\d/-])");
  private static final Pattern TITLES = Pattern.compile("(?m)^\\s{0,3}(?:#{1,6}|\\|).{0,300}");
  private static final Pattern RANK = Pattern.compile("(?i)(?:P|SEV-?|Prio )[0-5]");

  private final Vocabulary words;
  private final Headings headings;
  private final Dates dates;
  private final StatusParser statuses;
  private final OwnerPatterns owners;
  private final Columns columns;
  private final Set<String> nothing = new HashSet<>();
  private final Set<String> nothingToDo = new HashSet<>();
  private final Set<String> priorities = new HashSet<>();
  private final Pattern label;
  private final Pattern due;

  Lexicon(Vocabulary words) {
    this.words = words;
    this.headings = new Headings(words);
    this.dates = new Dates(words);
    this.statuses = new StatusParser(words, dates);
    this.owners = new OwnerPatterns(words, this);
    this.columns = new Columns(words);
    words.all(Vocabulary.Language::nothing).forEach(word -> nothing.add(Phrases.folded(word)));
    words
        .all(Vocabulary.Language::nothingToDo)
        .forEach(word -> nothingToDo.add(Phrases.folded(word)));
    words
        .all(Vocabulary.Language::priorities)
        .forEach(word -> priorities.add(Phrases.folded(word)));
    this.label =
        Phrases.compiled(
            "(?<![-\\w])("
                + Phrases.alternation(columns.labels())
                + ")\\s*+(?::|=|(?<=\\s)[-–—](?=\\s))\\s*+");
    this.due =
        Phrases.compiled(
            Phrases.alternation(words.all(Vocabulary.Language::due))
                + "\\s*+:?\\s*+[⏳@]?(?=(\\S))");
  }

  private Lexicon(Lexicon other, Dates dates) {
    this.words = other.words;
    this.headings = other.headings;
    this.dates = dates;
    this.statuses = other.statuses;
    this.owners = other.owners;
    this.columns = other.columns;
    this.nothing.addAll(other.nothing);
    this.nothingToDo.addAll(other.nothingToDo);
    this.priorities.addAll(other.priorities);
    this.label = other.label;
    this.due = other.due;
  }

  /**
   * The lexicon for a document: numeric dates are read in the order that the document uses, if it
   * can be determined.
   */
  Lexicon forDocument(String document) {
    Dates.Order order = orderOfDates(document);
    return new Lexicon(
        this, dates.withOrder(order == Dates.Order.UNKNOWN ? orderOfLanguage(document) : order));
  }

  /** Determined by a date in which only one of the numbers can be the month. */
  private static Dates.Order orderOfDates(String document) {
    boolean dayFirst = false;
    boolean monthFirst = false;
    Matcher numbers = NUMBERS.matcher(document);
    while (numbers.find()) {
      dayFirst |= Integer.parseInt(numbers.group(1)) > 12;
      monthFirst |= Integer.parseInt(numbers.group(2)) > 12;
    }
    if (dayFirst == monthFirst) {
      // Both: the document mixes them, so ambiguous dates must not be guessed.
      return Dates.Order.UNKNOWN;
    }
    return dayFirst ? Dates.Order.DAY_FIRST : Dates.Order.MONTH_FIRST;
  }

  /** Determined by the language with the most matching words in headings and tables. */
  private Dates.Order orderOfLanguage(String document) {
    String titles =
        TITLES
            .matcher(document)
            .results()
            .map(m -> m.group())
            .limit(200)
            .collect(Collectors.joining("\n"));
    Map<String, Long> counts = new HashMap<>();
    words.stream()
        .forEach(
            entry -> {
              Pattern known = columns.ofLanguage(entry.getKey());
              counts.put(
                  entry.getKey(),
                  known
                      .matcher(titles)
                      .results()
                      .map(m -> Phrases.folded(m.group()))
                      .distinct()
                      .count());
            });
    long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
    Set<String> orders =
        words.stream()
            .filter(entry -> counts.getOrDefault(entry.getKey(), 0L) == most)
            .map(entry -> String.valueOf(entry.getValue().dateOrder()))
            .collect(Collectors.toSet());
    if (most == 0 || orders.size() != 1) {
      return Dates.Order.UNKNOWN;
    }
    return switch (orders.iterator().next()) {
      case "day-first" -> Dates.Order.DAY_FIRST;
      case "month-first" -> Dates.Order.MONTH_FIRST;
      default -> Dates.Order.UNKNOWN;
    };
  }

  Headings headings() {
    return headings;
  }

  Dates dates() {
    return dates;
  }

  StatusParser statuses() {
    return statuses;
  }

  OwnerPatterns owners() {
    return owners;
  }

  Columns columns() {
    return columns;
  }

  /** A word before a colon that announces a value; group 1 is the word. */
  Matcher labels(CharSequence text) {
    return label.matcher(text);
  }

  /** A word before a due date; group 1 is the first letter after it. */
  Matcher due(CharSequence text) {
    return due.matcher(text);
  }

  boolean isEmptyValue(String text) {
    String word = Phrases.folded(text);
    return EMPTY.contains(word) || nothing.contains(word) || isEmptyWord(word);
  }

  private boolean isEmptyWord(String word) {
    String bare = AROUND.matcher(word).replaceAll("").strip();
    return EMPTY.contains(bare) || nothing.contains(bare);
  }

  /** Whether a section states in these words that it has no action items. */
  boolean isNothingToDo(String text) {
    String line = NO_LETTER.matcher(Phrases.folded(text)).replaceAll(" ").strip();
    return line.isEmpty()
        || nothingToDo.contains(line)
        || (line.length() < 100
            && List.of(line.split(" ")).stream().allMatch(nothingToDo::contains));
  }

  /** P1, SEV-2, high. */
  boolean isPriority(String text) {
    String word = Phrases.folded(text);
    return RANK.matcher(word).matches() || priorities.contains(word);
  }
}
