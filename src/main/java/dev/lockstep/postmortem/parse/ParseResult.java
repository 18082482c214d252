package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.item.ItemBuilder;
import dev.lockstep.postmortem.parse.markdown.HtmlTags;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/** Collects the items and problems found so far. */
final class ParseResult {
  static final String HTML =
      "HTML is left out, only its text is kept; write it in Markdown, or put it into `code`";

  private final List<ParsedItem> items = new ArrayList<>();
  private final Set<ParseProblem> problems = new HashSet<>();

  /** Adds an item; a title is the minimum. */
  void add(ItemBuilder facts, int line, String excerpt, @Nullable Section section) {
    if (items.size() >= MarkdownReader.MOST_ITEMS) {
      throw new PostmortemParseException(
          "it has more than %d action items (line %d is one more); keep those that are to be followed"
              .formatted(MarkdownReader.MOST_ITEMS, line));
    }
    if (section != null) {
      section.root().found = true;
      if (!facts.isDueStated()) {
        facts.due(section.due());
      }
    }
    if (facts.title().isEmpty() && facts.ticket() != null) {
      facts.title(facts.ticket());
      facts.problem("nothing but a ticket; say what is to be done");
    }
    if (TemplatePlaceholders.isTemplate(facts.title())) {
      problem(
          line,
          "template placeholder \"%s\" instead of an action item; fill it in or remove it"
              .formatted(TemplatePlaceholders.brief(facts.title())));
      facts.problems().stream()
          .filter(text -> !text.startsWith("template placeholder"))
          .forEach(text -> problem(line, text));
    } else if (facts.title().isEmpty()) {
      problem(
          line,
          "an action item without a title%s; say what is to be done"
              .formatted(
                  facts.owner() == null
                      ? ""
                      : " (owner " + TemplatePlaceholders.brief(facts.owner()) + ")"));
      facts.problems().forEach(text -> problem(line, text));
    } else {
      items.add(facts.build(line, excerpt, section == null ? List.of() : section.labels()));
    }
  }

  static void reportHtml(Node node, ItemBuilder facts) {
    if (HtmlTags.areIn(node)) {
      facts.problem(HTML);
    }
  }

  void problem(int line, String text) {
    problems.add(new ParseProblem(line, text));
  }

  /**
   * A problem in an action section counts as content, so that the section is not reported as empty
   * too.
   */
  void problem(int line, String text, @Nullable Section section) {
    problem(line, text);
    if (section != null) {
      section.root().found = true;
    }
  }

  /** Reports a section that has no items, unless it says so or may be one of another kind. */
  void reportIfEmpty(Section.Root root, Lexicon lexicon) {
    boolean marked = !root.texts.isEmpty() && root.texts.stream().allMatch(lexicon::isNothingToDo);
    if (!root.found && !marked && (root.certain || items.isEmpty())) {
      problem(
          root.line,
          "no action items found under \"%s\" at line %d; write each as a bullet or a table row"
              .formatted(TemplatePlaceholders.brief(root.heading), root.line));
    }
  }

  int size() {
    return items.size();
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  boolean hasProblems() {
    return !problems.isEmpty();
  }

  List<ParsedItem> items() {
    Map<String, Integer> seen = new HashMap<>();
    return items.stream()
        .sorted(Comparator.comparingInt(ParsedItem::line))
        .map(
            item -> {
              Integer before = item.id() == null ? null : seen.putIfAbsent(item.id(), item.line());
              return before == null ? item : reportDuplicate(item, before);
            })
        .toList();
  }

  private static ParsedItem reportDuplicate(ParsedItem item, int before) {
    List<String> more = new ArrayList<>(item.problems());
    more.add(
        "the id \"%s\" is also used in line %d; give each item its own"
            .formatted(TemplatePlaceholders.brief(String.valueOf(item.id())), before));
    return new ParsedItem(
        item.line(),
        item.id(),
        item.title(),
        item.excerpt(),
        item.owner(),
        item.due(),
        item.ticket(),
        item.priority(),
        item.labels(),
        item.status(),
        more);
  }

  List<ParseProblem> problems() {
    return problems.stream()
        .sorted(Comparator.comparingInt(ParseProblem::line).thenComparing(ParseProblem::text))
        .toList();
  }
}
