package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the text of one item: "[ ] AI-3: Add an index (@dana, by 2026-12-01) - OPS-12". Each
 * finder blanks out what it recognizes; the remainder is the title.
 */
public final class ItemTextParser {
  private static final Pattern MARKER =
      Pattern.compile(
          "(?i)^\\s*(?:\\[(?:action items?|actions?|ai|to-?do|follow-?up)\\]\\s*:?"
              + "|(?:action item|action|ai|to-?do|follow-?up)s?\\s*:)\\s*");
  private static final Pattern ID =
      Pattern.compile(
          "^\\s*((?:AI|A|AP|Action|Action Item|Item|Task|T)[- #]?\\d{1,4})\\s*(?:[:.)–—]|-\\s)\\s*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PRIORITY =
      Pattern.compile("[\\[(]\\s*(P[0-5])\\s*[\\])]|^\\s*(P[0-5])\\s*(?:[:–—-])\\s");

  /** Limit per paragraph, in characters. Bounds the cost of hostile input. */
  private static final int LONGEST = 4000;

  private final ItemText item;
  private final ItemBuilder facts;

  private ItemTextParser(InlineText text, ItemBuilder facts) {
    this.item = new ItemText(text);
    this.facts = facts;
  }

  /**
   * Reads an item of which nothing else is known.
   *
   * @param nested a nested bullet, in which a name before a colon is a speaker
   */
  public static ItemBuilder read(Lexicon lexicon, InlineText text, boolean nested) {
    return read(text, nested, new ItemBuilder(lexicon));
  }

  /**
   * Reads the text of an item with other fields.
   *
   * @param stated what is already known of the item, so that it is not reported as missing
   */
  public static ItemBuilder read(InlineText text, boolean nested, ItemBuilder stated) {
    MarkdownSource.refuseIfInterrupted();
    ItemBuilder facts = new ItemBuilder(stated.lexicon());
    boolean tooLong = text.text().length() > LONGEST;
    InlineText first = tooLong ? text.upTo(LONGEST) : text;
    new ItemTextParser(OwnerFinder.withMentions(first, stated.lexicon().dates()), facts)
        .read(nested, stated);
    if (tooLong) {
      facts.problem(
          "only the first %d letters of the paragraph are read; put the detail into a second one"
              .formatted(LONGEST));
    }
    return facts;
  }

  /** Texts with an explicit marker such as "**Action item:** …" or "[Action Item] …". */
  public static boolean isMarkedAsItem(String text) {
    Matcher marker = MARKER.matcher(text);
    return marker.find()
        && !text.substring(marker.end()).isBlank()
        && text.substring(0, marker.end())
            .matches("(?is)\\s*(\\[.*|(action item|ai|to-?do)s?\\s*:\\s*)");
  }

  private void read(boolean nested, ItemBuilder stated) {
    StatusFinder status = new StatusFinder(item, facts);
    TicketFinder tickets = new TicketFinder(item, facts);
    BracketFinder brackets = new BracketFinder(item, facts);
    DueDateFinder dueDate = new DueDateFinder(item, facts);
    status.findCheckbox();
    dueDate.markDates();
    status.findMarks();
    item.cut(MARKER);
    status.findDone();
    findId();
    tickets.find();
    new LabelFinder(item, facts).find();
    findPriority();
    status.findWords();
    brackets.find();
    dueDate.findLabeled();
    dueDate.findAtEnd();
    // Repeated: the person before a date is now at the end.
    brackets.find();
    new OwnerFinder(item, facts).find(nested);
    dueDate.findAtEnd();
    status.findWords();
    // Repeated: text after a ticket may have been removed.
    tickets.find();
    new LeftoverFacts(item, facts, stated).report();
    setTitle();
  }

  private void findId() {
    Matcher id = ID.matcher(item.rest());
    if (id.find()) {
      facts.id(id.group(1).strip());
      item.blank(id.start(), id.end());
    }
  }

  private void findPriority() {
    Matcher priority = PRIORITY.matcher(item.rest());
    if (priority.find()) {
      facts.priority(priority.group(1) == null ? priority.group(2) : priority.group(1));
      item.blank(priority.start(), priority.end());
    }
  }

  private void setTitle() {
    String rest = item.rest().toString();
    if (TemplatePlaceholders.PLACEHOLDER.matcher(rest).find()) {
      facts.problem(
          "template placeholder \"%s\"; fill it in or remove it"
              .formatted(TemplatePlaceholders.brief(rest)));
    }
    facts.title(ItemTitle.from(rest));
  }
}
