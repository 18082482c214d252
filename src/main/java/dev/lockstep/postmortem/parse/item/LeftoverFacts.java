package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import dev.lockstep.postmortem.parse.vocabulary.OwnerPatterns;
import dev.lockstep.postmortem.parse.vocabulary.Phrases;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Searches the rest of an item for text that looks like a fact but was not read as one: a date, a
 * person, a priority or a status at an end, in brackets or after a dash. Within a sentence such
 * words are part of the task.
 */
public final class LeftoverFacts {
  private static final Pattern SEPARATOR =
      Pattern.compile("\\s[-–—]{1,3}(?=\\s)|->|[→|;()\\[\\]]|\\.(?=\\s)");
  private static final Pattern FIRST_BRACKET =
      Pattern.compile("^\\s*+\\[\\s*+(\\p{Lu}[\\p{L}'’-]*+)\\s*+\\]");
  private static final Pattern NAMED_TO_DO =
      Pattern.compile("^\\s*+(" + OwnerPatterns.FULL_NAME + ")\\s++(?:to|will|should)\\s++\\p{Ll}");
  private static final Pattern FIRST_MENTION =
      Pattern.compile("^\\s*+(" + OwnerPatterns.MENTION + ")(?=\\s)");
  private static final Pattern RANK_AT_EDGE =
      Pattern.compile("^\\s*+(P[0-5])(?=[\\s:,])|(?:^|[\\s,])(P[0-5])[\\s.]*+$");
  private static final Pattern COMMA = Pattern.compile("[,、]");
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern LAST_WORD = Pattern.compile("(\\p{L}++)[\\s(\\[]*+$");

  /** After these words a date or a rank is part of the sentence. */
  private static final List<String> PART_OF_SENTENCE =
      List.of(
          "of", "from", "since", "on", "for", "to", "as", "in", "with", "and", "or", "than", "at",
          "vom", "von", "seit", "am", "du", "des", "de", "del", "da", "do", "desde", "depuis",
          "every", "all", "like");

  private final ItemText item;
  private final String rest;
  private final ItemBuilder facts;
  private final ItemBuilder stated;

  /**
   * @param stated what is known from other places
   */
  LeftoverFacts(ItemText item, ItemBuilder facts, ItemBuilder stated) {
    this.item = item;
    this.rest = item.rest().toString();
    this.facts = facts;
    this.stated = stated;
  }

  private record Part(int from, int to) {
    int length() {
      return to - from;
    }
  }

  void report() {
    if (facts.isFinished() || stated.isFinished()) {
      return;
    }
    List<Part> parts = parts();
    Part sentence = null;
    for (Part part : parts) {
      if (!isEnclosed(part) && (sentence == null || part.length() > sentence.length())) {
        sentence = part;
      }
    }
    for (Part part : parts) {
      if (!item.isCode(part.from())) {
        String words = rest.substring(part.from(), part.to());
        if (part.equals(sentence) && !OwnerPatterns.isAddressed(words)) {
          edges(words);
        } else {
          reportPart(words, facts, stated);
        }
      }
    }
    bracket();
  }

  private boolean isEnclosed(Part part) {
    String before = rest.substring(0, part.from()).stripTrailing();
    return before.endsWith("(") || before.endsWith("[");
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    Matcher separator = SEPARATOR.matcher(rest);
    int from = 0;
    while (separator.find()) {
      add(parts, from, separator.start());
      from = separator.end();
    }
    add(parts, from, rest.length());
    return parts;
  }

  private void add(List<Part> parts, int from, int to) {
    int start = from;
    while (start < to && Character.isWhitespace(rest.charAt(start))) {
      start++;
    }
    int end = to;
    while (end > start && Character.isWhitespace(rest.charAt(end - 1))) {
      end--;
    }
    if (end > start) {
      parts.add(new Part(start, end));
    }
  }

  /** A part that may be one fact, or several. */
  public static void reportPart(String part, ItemBuilder facts, ItemBuilder stated) {
    int before = facts.problems().size();
    one(part, facts, stated);
    if (facts.problems().size() == before && part.length() <= 80) {
      String[] several = COMMA.split(part);
      for (int i = 0; several.length > 1 && i < several.length; i++) {
        one(several[i], facts, stated);
      }
    }
  }

  private static void one(String part, ItemBuilder facts, ItemBuilder stated) {
    boolean dueKnown = facts.isDueStated() || stated.isDueStated();
    boolean ownerKnown = facts.owner() != null || stated.owner() != null;
    boolean rankKnown = facts.priority() != null || stated.priority() != null;
    boolean statusKnown = facts.hasStatus() || stated.hasStatus();
    Lexicon lexicon = facts.lexicon();
    String text = part.replaceAll("^[\\s,:.*_-]++|(?<![\\s,:.*_-])[\\s,:.*_-]++$", "");
    if (text.isEmpty() || text.length() > 80) {
      return;
    }
    String day = lexicon.dates().withoutLabel(text);
    Matcher vague = lexicon.dates().findVague(day);
    if (lexicon.dates().isDate(day)
        || (!dueKnown
            && (vague.matches()
                || (day.length() < text.length() && vague.lookingAt())
                || holdsADate(text, lexicon)))) {
      report(facts, text, "a due date", "due 2026-12-01");
    } else if (!ownerKnown && lexicon.owners().looksLikePerson(text)) {
      report(
          facts,
          text,
          "a person",
          "Owner: " + TemplatePlaceholders.brief(OwnerPatterns.name(text)));
    } else if (!rankKnown && lexicon.isPriority(text)) {
      report(facts, text, "a priority", "Priority: " + TemplatePlaceholders.brief(text));
    } else if (!statusKnown && text.length() > 2 && lexicon.statuses().parseExact(text) != null) {
      report(facts, text, "a status", "Status: " + TemplatePlaceholders.brief(text));
    }
  }

  /** A few words with a date: "2026-12-31 (tentative". */
  private static boolean holdsADate(String text, Lexicon lexicon) {
    return text.length() <= 40
        && COMMA.split(text).length == 1
        && lexicon.dates().find(text).find()
        && !PART_OF_SENTENCE.contains(Phrases.folded(BLANKS.split(text, 2)[0]));
  }

  /** The sentence itself, of which only the ends are checked. */
  private void edges(String sentence) {
    if (!facts.isDueStated() && !stated.isDueStated()) {
      String day = lastDay(sentence);
      if (day != null) {
        report(facts, day, "a due date", "due 2026-12-01");
      }
    }
    if (facts.owner() == null && stated.owner() == null) {
      Matcher named = NAMED_TO_DO.matcher(sentence);
      Matcher mention = FIRST_MENTION.matcher(sentence);
      if (named.find()) {
        report(facts, named.group(1), "a person", "Owner: " + named.group(1));
      } else if (mention.find()) {
        String who = OwnerPatterns.name(mention.group(1));
        report(facts, mention.group(1), "a person", "Owner: " + who);
      }
    }
    Matcher rank = RANK_AT_EDGE.matcher(sentence);
    if (facts.priority() == null
        && stated.priority() == null
        && rank.find()
        && !isPartOfSentence(sentence, rank.start())) {
      String found = rank.group(1) == null ? rank.group(2) : rank.group(1);
      report(facts, found, "a priority", "Priority: " + found);
    }
  }

  private @Nullable String lastDay(String sentence) {
    int end = sentence.length();
    while (end > 0 && " .,;!".indexOf(sentence.charAt(end - 1)) >= 0) {
      end--;
    }
    for (Matcher day :
        List.of(
            facts.lexicon().dates().find(sentence), facts.lexicon().dates().findVague(sentence))) {
      while (day.find()) {
        if (day.end() >= end && isADay(day.group()) && !isPartOfSentence(sentence, day.start())) {
          return day.group();
        }
      }
    }
    return null;
  }

  /** "late" and "today" at the end of a sentence are not due dates. */
  private static boolean isADay(String text) {
    String day = text.strip();
    return day.indexOf(' ') > 0
        || day.chars().anyMatch(Character::isDigit)
        || day.equalsIgnoreCase("asap");
  }

  private static boolean isPartOfSentence(String sentence, int at) {
    Matcher word = LAST_WORD.matcher(sentence.substring(0, at));
    return word.find() && PART_OF_SENTENCE.contains(Phrases.folded(word.group(1)));
  }

  private void bracket() {
    Matcher first = FIRST_BRACKET.matcher(rest);
    if (facts.owner() == null && stated.owner() == null && first.find()) {
      String word = first.group(1);
      facts.problem(
          "\"[%s]\" at the start may be a person or a label and is not read; write \"Owner: %s\" or \"Label: %s\""
              .formatted(word, word, word));
    }
  }

  private static void report(ItemBuilder facts, String text, String what, String instead) {
    facts.problem(
        "\"%s\" looks like %s, but is not read as one; write \"%s\""
            .formatted(TemplatePlaceholders.brief(text), what, instead));
  }
}
