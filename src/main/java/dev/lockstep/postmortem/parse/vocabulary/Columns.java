package dev.lockstep.postmortem.parse.vocabulary;

import dev.lockstep.postmortem.parse.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognizes the columns of tables, and labels before a colon. */
public final class Columns {
  /** The order matters: "Action owner" is an owner, "Due date" is not a time. */
  private static final List<ColumnRole> ORDER =
      List.of(
          ColumnRole.QUESTION,
          ColumnRole.OWNER,
          ColumnRole.DUE,
          ColumnRole.TICKET,
          ColumnRole.PRIORITY,
          ColumnRole.STATUS,
          ColumnRole.ID,
          ColumnRole.LABEL,
          ColumnRole.TIME,
          ColumnRole.ACTION);

  private static final Pattern PARENTHESES = Pattern.compile("\\([^()]*+\\)");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}#/?°']+");

  private final Map<ColumnRole, Pattern> names = new LinkedHashMap<>();
  private final Map<String, ColumnRole> labels = new HashMap<>();
  private final Map<String, Pattern> languages = new HashMap<>();
  private final Set<String> dates = new HashSet<>();
  private final Set<String> texts = new HashSet<>();

  Columns(Vocabulary words) {
    for (ColumnRole field : ORDER) {
      String key = field.name().toLowerCase(Locale.ROOT);
      names.put(field, Phrases.compiled(expression(field, words.columns(key))));
      words.labels(key).forEach(label -> labels.putIfAbsent(Phrases.folded(label), field));
    }
    words.columns("date").forEach(word -> dates.add(Phrases.folded(word)));
    words.columns("text").forEach(word -> texts.add(Phrases.folded(word)));
    words.stream()
        .forEach(
            entry -> {
              List<String> own = new ArrayList<>(entry.getValue().sections());
              entry.getValue().columns().values().forEach(own::addAll);
              // Single letters and # are not words of any language.
              own.removeIf(word -> word.length() < 3 && word.codePointAt(0) < 0x250);
              languages.put(entry.getKey(), Phrases.pattern(own));
            });
  }

  /**
   * Most keywords are at the end; an action, a question or a kind is recognized in any position.
   */
  private static String expression(ColumnRole field, List<String> phrases) {
    String any = Phrases.alternation(phrases);
    return switch (field) {
      case ID -> any;
      case ACTION, QUESTION, TIME, LABEL ->
          field == ColumnRole.LABEL
              ? any + "(?:\\s.*+)?"
              : "(?:.*[\\s/])?" + any + "(?:[\\s/].*+)?";
      default -> "(?:.*[\\s/])?" + any;
    };
  }

  public ColumnRole column(String heading) {
    String name = PARENTHESES.matcher(Phrases.folded(heading)).replaceAll(" ");
    name = BETWEEN_WORDS.matcher(name).replaceAll(" ").strip();
    for (Map.Entry<ColumnRole, Pattern> each : names.entrySet()) {
      if (name.length() <= 100 && each.getValue().matcher(name).matches()) {
        return each.getKey();
      }
    }
    return ColumnRole.OTHER;
  }

  /** For the words before a colon. */
  public ColumnRole label(String words) {
    return labels.getOrDefault(Phrases.folded(words), ColumnRole.OTHER);
  }

  Set<String> labels() {
    return labels.keySet();
  }

  /** A column of dates whose meaning depends on its position. */
  public boolean isDate(String heading) {
    return dates.contains(Phrases.folded(heading));
  }

  /** Describes the task if no column is called an action. */
  public boolean isText(String heading) {
    return texts.contains(Phrases.folded(heading));
  }

  /** The words for sections and columns in one language. */
  Pattern ofLanguage(String language) {
    return languages.getOrDefault(language, Pattern.compile("(?!)"));
  }
}
