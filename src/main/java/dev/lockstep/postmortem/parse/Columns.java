package dev.lockstep.postmortem.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the columns of tables, and labels before a colon, are about. */
final class Columns {
  /** In this order: "Action owner" is an owner, "Due date" no time. */
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
              // A letter or a # is a word of no language.
              own.removeIf(word -> word.length() < 3 && word.codePointAt(0) < 0x250);
              languages.put(entry.getKey(), Phrases.pattern(own));
            });
  }

  /** Most stand at the end; an action, a question or a kind is one wherever it stands. */
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

  ColumnRole column(String heading) {
    String name = PARENTHESES.matcher(Phrases.folded(heading)).replaceAll(" ");
    name = BETWEEN_WORDS.matcher(name).replaceAll(" ").strip();
    for (Map.Entry<ColumnRole, Pattern> each : names.entrySet()) {
      if (name.length() <= 100 && each.getValue().matcher(name).matches()) {
        return each.getKey();
      }
    }
    return ColumnRole.OTHER;
  }

  /** Of the words before a colon. */
  ColumnRole label(String words) {
    return labels.getOrDefault(Phrases.folded(words), ColumnRole.OTHER);
  }

  Set<String> labels() {
    return labels.keySet();
  }

  /** A column of dates, of which only its place says what they are. */
  boolean isDate(String heading) {
    return dates.contains(Phrases.folded(heading));
  }

  /** Says what is to be done where no column is called an action. */
  boolean isText(String heading) {
    return texts.contains(Phrases.folded(heading));
  }

  /** The words for sections and columns in one language. */
  Pattern ofLanguage(String language) {
    return languages.getOrDefault(language, Pattern.compile("(?!)"));
  }
}
