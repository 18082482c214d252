package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.item.AttributeParser;
import dev.lockstep.postmortem.parse.item.ItemBuilder;
import dev.lockstep.postmortem.parse.item.ItemTextParser;
import dev.lockstep.postmortem.parse.item.LeftoverFacts;
import dev.lockstep.postmortem.parse.markdown.HtmlTags;
import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.Headings;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;

/**
 * Reads lists of an action section. A bullet is an item, the label of a group of items, an
 * attribute of the item above it ("Owner: dana"), or detail of that item.
 */
final class ListParser {
  private static final Pattern SPOKEN =
      Pattern.compile("(?s)^\\s*+(?:Q|A)\\s*+\\d*+\\s*+[:)]\\s.*+");
  private static final Pattern REMARK =
      Pattern.compile("(?is)^\\s*(?:already done|done|see|cf\\.?|e\\.g\\.|note|refs?)\\b.*");

  private final MarkdownSource source;
  private final Lexicon lexicon;
  private final ParseResult findings;

  ListParser(MarkdownSource source, Lexicon lexicon, ParseResult findings) {
    this.source = source;
    this.lexicon = lexicon;
    this.findings = findings;
  }

  void read(ListBlock list, Section section) {
    List<Bullet> bullets = Bullet.of(list, source);
    Node heading = section.heading();
    if (heading != null
        && bullets.stream().allMatch(this::isAttribute)
        && !bullets.stream().allMatch(Bullet::isBlank)) {
      readUnderHeading(heading, list, bullets, section);
      return;
    }
    bullets.forEach(bullet -> readBullet(bullet, section, false));
  }

  /** "### AI-1: Add an index" with only "Owner: …" and "Due: …" below it. */
  private void readUnderHeading(
      Node heading, ListBlock list, List<Bullet> bullets, Section section) {
    ItemBuilder facts = ItemTextParser.read(lexicon, InlineText.of(heading), false);
    bullets.forEach(bullet -> readAttribute(bullet, facts));
    ParseResult.reportHtml(list, facts);
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

  private void readBullet(Bullet bullet, Section section, boolean nested) {
    if (bullet.isBlank()) {
      return;
    }
    InlineText text = bullet.text();
    bullet.reportSwallowed(findings, section);
    ItemBuilder facts = ItemTextParser.read(lexicon, text, nested);
    List<Bullet> below = bullet.below();
    if (text.isBlank() && !below.isEmpty()) {
      below.forEach(child -> readBullet(child, section, nested));
      reportBetween(bullet, section);
    } else if (isQuestion(text, facts)) {
      findings.problem(
          bullet.line(),
          "\"%s\" is a question and not read as an action item; write what is to be done"
              .formatted(TemplatePlaceholders.brief(text.text())),
          section);
      below.forEach(child -> readNestedItems(child, section, new BitSet()));
    } else if (isGroup(bullet, text, facts, below)) {
      readGroup(bullet, text, section);
    } else {
      readItem(bullet, facts, section);
    }
  }

  private void readGroup(Bullet bullet, InlineText text, Section section) {
    Section group = section.labelled(Headings.label(text.line()));
    int before = findings.size();
    bullet.below().forEach(child -> readBullet(child, group, false));
    reportBetween(bullet, group);
    if (findings.size() == before) {
      findings.problem(
          bullet.line(),
          "\"%s\" groups no readable action item; list what is to be done below it"
              .formatted(TemplatePlaceholders.brief(text.text())),
          section);
    }
  }

  private void readItem(Bullet bullet, ItemBuilder facts, Section section) {
    BitSet own = new BitSet();
    for (Bullet child : bullet.below()) {
      if (readAttribute(child, facts)) {
        child.below().forEach(next -> readNestedItems(next, section, own));
      } else if (!readNestedItems(child, section, own) && !facts.isFinished()) {
        LeftoverFacts.reportPart(AttributeParser.value(child.text().line()), facts, facts);
      }
    }
    for (Node block : bullet.blocks()) {
      if (block instanceof Paragraph && block.getPrevious() != null) {
        facts.addParagraph(ItemTextParser.read(lexicon, InlineText.of(block), true));
      }
    }
    reportHtml(bullet, facts, own);
    findings.add(facts, bullet.line(), source.excerpt(List.of(bullet.node()), own), section);
  }

  /**
   * Reads the detail of an item, and items within it.
   *
   * @param own collects the lines of items within the item
   * @return whether the bullet itself is an item
   */
  private boolean readNestedItems(Bullet bullet, Section section, BitSet own) {
    if (bullet.isBlank()) {
      return true;
    }
    InlineText text = bullet.text();
    ItemBuilder facts = ItemTextParser.read(lexicon, text, true);
    boolean item = facts.standsAlone() && (facts.hasCheckbox() || !isRemark(text, facts));
    if (item) {
      own.set(bullet.line(), bullet.lastLine() + 1);
      readBullet(bullet, section, true);
    } else {
      bullet.below().forEach(next -> readNestedItems(next, section, own));
    }
    return item;
  }

  private static boolean isQuestion(InlineText text, ItemBuilder facts) {
    String line = text.text().strip();
    return !facts.standsAlone()
        && !facts.isDone()
        && (SPOKEN.matcher(line).matches() || line.endsWith("?"));
  }

  private static boolean isRemark(InlineText text, ItemBuilder facts) {
    return isQuestion(text, facts)
        || SPOKEN.matcher(text.text()).matches()
        || REMARK.matcher(text.text()).matches();
  }

  private boolean isGroup(Bullet bullet, InlineText text, ItemBuilder facts, List<Bullet> below) {
    List<Bullet> filled = below.stream().filter(child -> !child.isBlank()).toList();
    if (filled.isEmpty()
        || facts.standsAlone()
        || facts.isDone()
        || facts.id() != null
        || filled.stream().anyMatch(this::isAttribute)) {
      return false;
    }
    List<InlineText> texts = filled.stream().map(Bullet::text).toList();
    List<ItemBuilder> each =
        texts.stream().map(child -> ItemTextParser.read(lexicon, child, true)).toList();
    if (IntStream.range(0, each.size()).allMatch(i -> isRemark(texts.get(i), each.get(i)))) {
      return false;
    }
    String line = text.text().strip();
    boolean isShort = bullet.isBold() || line.split("\\s+").length <= 4;
    return line.endsWith(":")
        || each.stream().allMatch(ItemBuilder::hasCheckbox)
        || (isShort && each.stream().allMatch(ItemBuilder::standsAlone))
        || (!ItemTextParser.isMarkedAsItem(line)
            && lexicon.headings().announcesActions(line, false));
  }

  /** An attribute of the item above it, not an item. */
  private boolean isAttribute(Bullet bullet) {
    return bullet.isBlank() || readAttribute(bullet, new ItemBuilder(lexicon));
  }

  private static boolean readAttribute(Bullet bullet, ItemBuilder facts) {
    return !bullet.isBlank() && new AttributeParser(facts).parse(bullet.text());
  }

  /** HTML within nested items is reported there. */
  private void reportHtml(Bullet bullet, ItemBuilder facts, BitSet own) {
    for (Node block : bullet.blocks()) {
      boolean html =
          block instanceof ListBlock list
              ? Bullet.of(list, source).stream()
                  .anyMatch(child -> !own.get(child.line()) && HtmlTags.areIn(child.node()))
              : isHtml(block);
      if (html) {
        facts.problem(ParseResult.HTML);
      }
    }
  }

  private static boolean isHtml(Node block) {
    return block instanceof HtmlBlock html
        ? !html.getLiteral().strip().startsWith("<!--")
        : HtmlTags.areIn(block);
  }

  /** Reports text in a group outside its bullets, which would otherwise be lost. */
  private void reportBetween(Bullet bullet, Section section) {
    for (Node block : bullet.blocks()) {
      if (block.getPrevious() != null && !(block instanceof ListBlock)) {
        findings.problem(
            source.line(block),
            "text between action items is not read; indent it below the item it belongs to",
            section);
      }
    }
  }
}
