package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import dev.lockstep.postmortem.parse.vocabulary.OwnerPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds facts in brackets at the end of an item: "(@dana, by 2026-12-01)". */
final class BracketFinder {
  static final Pattern GROUP = Pattern.compile("\\(([^()]*)\\)|\\[([^\\[\\]]*)\\]");

  private static final Pattern BETWEEN_PARTS =
      Pattern.compile("[,、;|·]|\\s[-–—]\\s|\\sand\\s(?=@)");

  /** Stands for a comma within a date while the parts around it are split. */
  private static final char COMMA_OF_DATE = '\u0001';

  private final ItemText item;
  private final ItemBuilder facts;
  private final Lexicon lexicon;

  BracketFinder(ItemText item, ItemBuilder facts) {
    this.item = item;
    this.facts = facts;
    this.lexicon = facts.lexicon();
  }

  void find() {
    Matcher group = GROUP.matcher(item.rest().toString());
    while (group.find()) {
      boolean round = group.group(1) != null;
      boolean last =
          item.rest().chars().skip(group.end()).allMatch(c -> " \n\t.])|-".indexOf(c) >= 0);
      if (last
          && !item.isCode(group.start())
          && take(item.rest(group.start() + 1, group.end() - 1), round)) {
        item.blank(group.start(), group.end());
      }
    }
  }

  /** The parts of a group by kind. */
  private final class Parts {
    final List<String> names = new ArrayList<>();
    final List<String> days = new ArrayList<>();
    final List<String> unknown = new ArrayList<>();
    @Nullable String priority;
    @Nullable String status;

    void add(String part) {
      String day = day(part);
      if (OwnerPatterns.isAddressed(part)) {
        names.add(OwnerPatterns.name(part));
      } else if (day != null) {
        days.add(day);
      } else if (lexicon.isPriority(part)) {
        priority = part;
      } else if (part.length() > 2 && lexicon.statuses().parseExact(part) != null) {
        status = part;
      } else {
        unknown.add(part);
      }
    }

    /** "(Dana, by 2026-12-01)": a name that only its place identifies. */
    void useContext(String inside) {
      if (days.isEmpty() || unknown.size() != 1) {
        return;
      }
      String part = unknown.get(0);
      if (names.isEmpty() && OwnerPatterns.isName(part) && inside.strip().startsWith(part)) {
        names.add(OwnerPatterns.name(part));
        unknown.clear();
      } else if (lexicon.isEmptyValue(part)) {
        unknown.clear();
      }
    }

    /** Names a person, or a date that can only be the due date. */
    boolean isCertain(String inside) {
      return !names.isEmpty()
          || days.stream()
              .anyMatch(day -> lexicon.dates().isDate(day) || lexicon.due(inside).find());
    }
  }

  /**
   * @param round in square brackets, every part must be understood
   * @return whether every part was
   */
  private boolean take(String inside, boolean round) {
    Parts parts = split(inside);
    if (round) {
      parts.useContext(inside);
    }
    if ((!round && !parts.unknown.isEmpty()) || !parts.isCertain(inside)) {
      return false;
    }
    facts.owners(parts.names);
    parts.days.forEach(day -> facts.due(lexicon.parseDueDate(day)));
    if (parts.priority != null) {
      facts.priority(parts.priority);
    }
    if (parts.status != null) {
      facts.status(lexicon.statuses().read(parts.status), parts.status);
    }
    return parts.unknown.isEmpty();
  }

  private Parts split(String inside) {
    String joined =
        lexicon
            .dates()
            .find(inside)
            .replaceAll(date -> Matcher.quoteReplacement(date.group().replace(',', COMMA_OF_DATE)));
    Parts parts = new Parts();
    for (String raw : BETWEEN_PARTS.split(joined)) {
      String part = raw.replace(COMMA_OF_DATE, ',').strip();
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  /** A date or a text instead of one; null if it is neither. */
  private @Nullable String day(String part) {
    String day = lexicon.dates().withoutLabel(part);
    boolean labeled = day.length() < part.length();
    Matcher vague = lexicon.dates().findVague(day);
    return lexicon.dates().isDate(day) || vague.matches() || (labeled && vague.lookingAt())
        ? day
        : null;
  }
}
