package dev.lockstep.postmortem.parse.vocabulary;

import dev.lockstep.postmortem.parse.Vocabulary;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The compiled vocabulary; that {@link #forDocument} is used by one thread. */
public final class Lexicon {
  private static final Set<String> EMPTY =
      Set.of("", "?", "??", "???", "-", "--", "---", "–", "—", "…", "...", "_", "/");
  private static final Pattern AROUND =
      Pattern.compile("^[@(\\[<*]++|(?<=.)[)\\]>.*]++$", Pattern.DOTALL);
  private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}\\p{N}/]+");
  private static final Pattern RANK = Pattern.compile("(?i)(?:P|SEV-?|Prio )[0-5]");

  private final Vocabulary words;
  private final Headings headings;
  private final DatePatterns dates;
  private final DueDateParser dueDates;
  private final String document;
  private @Nullable DateOrder dateOrder;
  private final StatusParser statuses;
  private final OwnerPatterns owners;
  private final Columns columns;
  private final Set<String> nothing;
  private final Set<String> nothingToDo;
  private final Set<String> priorities;
  private final Pattern label;
  private final Pattern due;

  public Lexicon(Vocabulary words) {
    this.words = words;
    this.headings = new Headings(words);
    this.dates = new DatePatterns(words);
    this.dueDates = new DueDateParser(words, dates);
    this.document = "";
    this.statuses = new StatusParser(words, dates);
    this.owners = new OwnerPatterns(words, this);
    this.columns = new Columns(words);
    this.nothing = folded(words.all(Vocabulary.Language::nothing));
    this.nothingToDo = folded(words.all(Vocabulary.Language::nothingToDo));
    this.priorities = folded(words.all(Vocabulary.Language::priorities));
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

  private Lexicon(Lexicon other, String document) {
    this.words = other.words;
    this.headings = other.headings;
    this.dates = other.dates;
    this.dueDates = other.dueDates;
    this.document = document;
    this.statuses = other.statuses;
    this.owners = other.owners;
    this.columns = other.columns;
    this.nothing = other.nothing;
    this.nothingToDo = other.nothingToDo;
    this.priorities = other.priorities;
    this.label = other.label;
    this.due = other.due;
  }

  private static Set<String> folded(List<String> phrases) {
    return phrases.stream().map(Phrases::folded).collect(Collectors.toUnmodifiableSet());
  }

  /** The lexicon for a document, which determines the order of its numeric dates. */
  public Lexicon forDocument(String document) {
    return new Lexicon(this, document);
  }

  public Headings headings() {
    return headings;
  }

  public DatePatterns dates() {
    return dates;
  }

  /** Parses the text in the place of a due date. */
  public DueDate parseDueDate(String text) {
    return dueDates.parse(text, this::dateOrder);
  }

  /** Determined when the first date depends on it, which few documents have. */
  private DateOrder dateOrder() {
    if (dateOrder == null) {
      dateOrder = DateOrder.of(document, words, columns);
    }
    return dateOrder;
  }

  public StatusParser statuses() {
    return statuses;
  }

  public OwnerPatterns owners() {
    return owners;
  }

  public Columns columns() {
    return columns;
  }

  /** A word before a colon that announces a value; group 1 is the word. */
  public Matcher labels(CharSequence text) {
    return label.matcher(text);
  }

  /** A word before a due date; group 1 is the first letter after it. */
  public Matcher due(CharSequence text) {
    return due.matcher(text);
  }

  public boolean isEmptyValue(String text) {
    String word = Phrases.folded(text);
    return EMPTY.contains(word) || nothing.contains(word) || isEmptyWord(word);
  }

  private boolean isEmptyWord(String word) {
    String bare = AROUND.matcher(word).replaceAll("").strip();
    return EMPTY.contains(bare) || nothing.contains(bare);
  }

  /** Whether a section states in these words that it has no action items. */
  public boolean isNothingToDo(String text) {
    String line = NO_LETTER.matcher(Phrases.folded(text)).replaceAll(" ").strip();
    return line.isEmpty()
        || nothingToDo.contains(line)
        || (line.length() < 100
            && List.of(line.split(" ")).stream().allMatch(nothingToDo::contains));
  }

  /** P1, SEV-2, high. */
  public boolean isPriority(String text) {
    String word = Phrases.folded(text);
    return RANK.matcher(word).matches() || priorities.contains(word);
  }
}
