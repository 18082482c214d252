package dev.lockstep.postmortem.parse;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;

/**
 * Reads lists of an action section. A bullet is an item, the label of a group of items, an
 * attribute of the item above it ("Owner: dana"), or detail of that item.
 */
final class ListParser {
  private static final Pattern ATTRIBUTE =
      Pattern.compile("(?s)^\\s*+([\\p{L}' ]{1,24}?)\\s{0,3}(?:[:=]|\\s[-–—]\\s)\\s*+(.*+)$");
  private static final Pattern SPOKEN =
      Pattern.compile("(?s)^\\s*+(?:Q|A)\\s*+\\d*+\\s*+[:)]\\s.*+");
  private static final Pattern REMARK =
      Pattern.compile("(?is)^\\s*(?:already done|done|see|cf\\.?|e\\.g\\.|note|refs?)\\b.*");
  private static final Pattern REMARK_DONE =
      Pattern.compile("(?is)^\\s*(?:already )?done\\b(?!\\s+(?:when|if|once)).*");

  private static final Pattern SWALLOWED =
      Pattern.compile(
          "^\\s*+(?:[•●▪◦‣⁃∙○■□·–—]\\s*+\\S|[-+*](?=[\\[\\p{L}✅☐☑])|\\d{1,3}[.)]\\s|#{1,6}[^#\\s\\d]|\\[["
              + " xX]?\\]\\s|\\|.*\\|)");

  private final MarkdownSource source;
  private final ParseResult findings;

  ListParser(MarkdownSource source, ParseResult findings) {
    this.source = source;
    this.findings = findings;
  }

  void read(ListBlock list, Section section) {
    List<ListItem> bullets = bullets(list);
    Node heading = section.heading();
    if (heading != null
        && bullets.stream().allMatch(this::isAttribute)
        && bullets.stream().anyMatch(b -> !isBlank(b))) {
      readUnderHeading(heading, list, bullets, section);
      return;
    }
    for (ListItem bullet : bullets) {
      bullet(bullet, section, false);
    }
  }

  /** "### AI-1: Add an index" with only "Owner: …" and "Due: …" below it. */
  private void readUnderHeading(
      Node heading, ListBlock list, List<ListItem> bullets, Section section) {
    ItemBuilder facts = source.facts(InlineText.of(heading), false);
    bullets.forEach(bullet -> attribute(bullet, facts));
    html(list, facts);
    List<String> labels = section.labels();
    Section above =
        new Section(
            section.root(),
            labels.isEmpty() ? labels : labels.subList(0, labels.size() - 1),
            heading,
            section.due());
    findings.add(
        facts, source.line(heading), source.excerpt(List.of(heading, list), new BitSet()), above);
  }

  private void bullet(ListItem bullet, Section section, boolean nested) {
    if (isBlank(bullet)) {
      return;
    }
    InlineText text = text(bullet);
    readSwallowedItems(bullet, section);
    ItemBuilder facts = source.facts(text, nested);
    List<ListItem> below = below(bullet);
    if (text.isBlank() && !below.isEmpty()) {
      below.forEach(child -> bullet(child, section, nested));
      readRest(bullet, section);
      return;
    }
    if (isQuestion(text, facts)) {
      findings.problem(
          source.line(bullet),
          "\"%s\" is a question and not read as an action item; write what is to be done"
              .formatted(Placeholders.brief(text.text())),
          section);
      below.forEach(child -> readNestedItems(child, section, new BitSet()));
      return;
    }
    if (isGroup(bullet, text, facts, below)) {
      Section group = section.labelled(Headings.label(text.line()));
      int before = findings.size();
      below.forEach(child -> bullet(child, group, false));
      readRest(bullet, group);
      if (findings.size() == before) {
        findings.problem(
            source.line(bullet),
            "\"%s\" groups no readable action item; list what is to be done below it"
                .formatted(Placeholders.brief(text.text())),
            section);
      }
      return;
    }
    BitSet own = new BitSet();
    for (ListItem child : below) {
      if (attribute(child, facts)) {
        below(child).forEach(next -> readNestedItems(next, section, own));
      } else if (!readNestedItems(child, section, own)) {
        reportUnread(child, facts);
      }
    }
    paragraphs(bullet, facts);
    html(bullet, facts, own);
    findings.add(facts, source.line(bullet), source.excerpt(List.of(bullet), own), section);
  }

  /**
   * Markdown treats a line directly below a bullet as its continuation, whatever it looks like.
   * Such a line is not part of the item's own text.
   */
  private void readSwallowedItems(ListItem bullet, Section section) {
    for (Node node : MarkdownSource.children(bullet)) {
      if (node instanceof Paragraph) {
        String[] lines = InlineText.of(node).text().split("\n", -1);
        for (int i = 1; i < lines.length; i++) {
          if (SWALLOWED.matcher(lines[i]).find()) {
            findings.problem(
                source.line(node) + i,
                "\"%s\" is read as part of the bullet above it; begin the line with \"- \", or insert an empty line before a heading or table"
                    .formatted(Placeholders.brief(lines[i])),
                section);
          }
        }
      }
    }
  }

  /** Up to the first line that only looks like a part of it. */
  private static InlineText withoutSwallowed(InlineText text) {
    int from = text.text().indexOf('\n');
    while (from >= 0) {
      int end = text.text().indexOf('\n', from + 1);
      String line = text.text().substring(from + 1, end < 0 ? text.text().length() : end);
      if (SWALLOWED.matcher(line).find()) {
        return text.upTo(from);
      }
      from = end;
    }
    return text;
  }

  /**
   * Reads the detail of an item, and items within it.
   *
   * @return whether the bullet itself is an item
   */
  private boolean readNestedItems(ListItem child, Section section, BitSet own) {
    if (isBlank(child)) {
      return true;
    }
    InlineText text = text(child);
    ItemBuilder facts = source.facts(text, true);
    boolean detail =
        !facts.standsAlone()
            || (!facts.checkbox
                && (SPOKEN.matcher(text.text()).matches()
                    || REMARK.matcher(text.text()).matches()
                    || isQuestion(text, facts)));
    if (detail) {
      below(child).forEach(next -> readNestedItems(next, section, own));
    } else {
      own.set(source.line(child), source.lastLine(child) + 1);
      bullet(child, section, true);
    }
    return !detail;
  }

  /** Reports detail that consists only of a date, a person, a priority or a status. */
  private void reportUnread(ListItem child, ItemBuilder facts) {
    String line = text(child).line();
    Matcher labelled = ATTRIBUTE.matcher(line);
    if (!LeftoverFacts.isFinished(facts)) {
      LeftoverFacts.whole(labelled.matches() ? labelled.group(2) : line, facts, facts);
    }
  }

  private boolean isQuestion(InlineText text, ItemBuilder facts) {
    String line = text.text().strip();
    return !facts.standsAlone()
        && !facts.isDone()
        && (SPOKEN.matcher(line).matches() || line.endsWith("?"));
  }

  private boolean isRemark(ListItem bullet) {
    InlineText text = text(bullet);
    return isQuestion(text, source.facts(text, true))
        || SPOKEN.matcher(text.text()).matches()
        || REMARK.matcher(text.text()).matches();
  }

  private boolean isGroup(
      ListItem bullet, InlineText text, ItemBuilder facts, List<ListItem> below) {
    List<ListItem> items =
        below.stream().filter(child -> !isBlank(child) && !isAttribute(child)).toList();
    if (items.isEmpty()
        || facts.standsAlone()
        || facts.isDone()
        || facts.id != null
        || items.size() < below.stream().filter(child -> !isBlank(child)).count()) {
      return false;
    }
    List<ItemBuilder> each = items.stream().map(child -> source.facts(text(child), true)).toList();
    boolean spoken = items.stream().allMatch(this::isRemark);
    boolean bold = bullet.getFirstChild() instanceof Paragraph first && InlineText.isBold(first);
    String line = text.text().strip();
    int words = line.split("\\s+").length;
    return !spoken
        && (line.endsWith(":")
            || each.stream().allMatch(child -> child.checkbox)
            || ((bold || words <= 4) && each.stream().allMatch(ItemBuilder::standsAlone))
            || (!ItemTextParser.isMarkedAsItem(line)
                && source.lexicon().headings().announcesActions(line, false)));
  }

  /** An attribute of the bullet above it, not an item. */
  private boolean isAttribute(ListItem bullet) {
    return attribute(bullet, new ItemBuilder(source.lexicon())) || isBlank(bullet);
  }

  private boolean attribute(ListItem bullet, ItemBuilder facts) {
    return !isBlank(bullet) && attribute(text(bullet), facts);
  }

  private boolean attribute(InlineText text, ItemBuilder facts) {
    String line = text.text();
    if (StatusFinder.hasCheckbox(line)) {
      return false;
    }
    Matcher labelled = ATTRIBUTE.matcher(line);
    if (labelled.matches()) {
      ColumnRole field = source.lexicon().columns().label(labelled.group(1));
      if (field != ColumnRole.OTHER) {
        InlineText value =
            new InlineText(
                " ".repeat(labelled.start(2)) + line.substring(labelled.start(2)),
                text.links(),
                text.codes());
        if (field == ColumnRole.TICKET
            && TicketPatterns.findTicket(value) == null
            && !source.lexicon().isEmptyValue(value.line())) {
          return false;
        }
        facts.setField(field, value);
        return true;
      }
    }
    String bare =
        line.strip()
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^(see|tracked in|ticket|issue|jira|pr)\\b[\\s:]*", "");
    String stated = TicketPatterns.findTicket(text);
    if (stated != null
        && (text.links().size() == 1 || TicketPatterns.isKey(stated))
        && bare.matches("[(\\[<]?(https?://\\S+|[a-z][a-z0-9_]+-\\d+)[)\\]>]?\\.?")) {
      facts.ticket(stated);
      return true;
    }
    if (REMARK_DONE.matcher(line).matches()) {
      facts.ticked = true;
    }
    return false;
  }

  /** Lines below the first paragraph: "Owner: dana". */
  private void paragraphs(ListItem bullet, ItemBuilder facts) {
    for (Node node : MarkdownSource.children(bullet)) {
      if (node instanceof Paragraph && node.getPrevious() != null) {
        ItemBuilder paragraph = source.facts(InlineText.of(node), true);
        if (facts.owner == null && paragraph.owner != null) {
          facts.owners(List.of(paragraph.owner));
        }
        if (paragraph.due != null) {
          facts.due(new DueDate(paragraph.due, null, ""));
        }
        facts.dueStated |= paragraph.dueStated;
        if (paragraph.hasStatus()) {
          facts.status(paragraph.status(), "in a paragraph below it");
        }
        facts.ticket(paragraph.ticket);
        if (paragraph.priority != null) {
          facts.priority(paragraph.priority);
        }
        facts.problems.addAll(paragraph.problems);
      }
    }
  }

  private void html(Node node, ItemBuilder facts) {
    if (MarkdownSource.hasHtml(node)) {
      facts.problems.add(ParseResult.HTML);
    }
  }

  /** HTML within nested items is reported there. */
  private void html(ListItem bullet, ItemBuilder facts, BitSet own) {
    for (Node node : MarkdownSource.children(bullet)) {
      if (!(node instanceof ListBlock)
          ? isHtml(node)
          : bullets((ListBlock) node).stream()
              .anyMatch(child -> !own.get(source.line(child)) && MarkdownSource.hasHtml(child))) {
        facts.problems.add(ParseResult.HTML);
      }
    }
  }

  private static boolean isHtml(Node node) {
    return node instanceof HtmlBlock html
        ? !html.getLiteral().strip().startsWith("<!--")
        : MarkdownSource.hasHtml(node);
  }

  /** Reports text in a group outside its bullets, which would otherwise be lost. */
  private void readRest(ListItem bullet, Section section) {
    for (Node node : MarkdownSource.children(bullet)) {
      if (node.getPrevious() != null && !(node instanceof ListBlock)) {
        findings.problem(
            source.line(node),
            "text between action items is not read; indent it below the item it belongs to",
            section);
      }
    }
  }

  private static boolean isBlank(ListItem bullet) {
    return below(bullet).isEmpty()
        && MarkdownSource.children(bullet).stream()
            .allMatch(
                node ->
                    node instanceof Paragraph
                        && InlineText.of(node)
                            .text()
                            .replaceFirst("^\\s*\\[[ xX]?\\]", "")
                            .isBlank());
  }

  /** The text of the bullet itself. */
  private InlineText text(ListItem bullet) {
    for (Node node : MarkdownSource.children(bullet)) {
      if (node instanceof ListBlock) {
        break;
      }
      InlineText text = blockText(node);
      if (!text.isBlank()) {
        return withoutSwallowed(text);
      }
    }
    return InlineText.plain("");
  }

  private InlineText blockText(Node node) {
    if (node instanceof Paragraph || node instanceof Heading) {
      return InlineText.of(node);
    }
    String words =
        node instanceof HtmlBlock html
            ? MarkdownSource.withoutTags(html.getLiteral())
            : source.excerpt(List.of(node), new BitSet()).replaceAll("[>`~|]+", " ");
    return InlineText.plain(words);
  }

  private static List<ListItem> below(ListItem bullet) {
    List<ListItem> below = new ArrayList<>();
    for (Node node : MarkdownSource.children(bullet)) {
      if (node instanceof ListBlock list) {
        below.addAll(bullets(list));
      }
    }
    return below;
  }

  private static List<ListItem> bullets(ListBlock list) {
    List<ListItem> bullets = new ArrayList<>();
    for (Node node : MarkdownSource.children(list)) {
      bullets.add((ListItem) node);
    }
    return bullets;
  }
}
