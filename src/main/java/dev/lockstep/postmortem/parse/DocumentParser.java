package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.item.ItemBuilder;
import dev.lockstep.postmortem.parse.item.ItemTextParser;
import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.ColumnRole;
import dev.lockstep.postmortem.parse.vocabulary.DueDate;
import dev.lockstep.postmortem.parse.vocabulary.Headings;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.ThematicBreak;
import org.jspecify.annotations.Nullable;

/** Walks a document once, from its first block to its last. */
final class DocumentParser {
  private static final Pattern NO_SPACE = Pattern.compile("^\\s*#{1,6}([^#\\s].*)$");
  private static final Pattern HEADING_DUE = Pattern.compile("\\(([^()]{1,80})\\)(?:\\s*:)?\\s*$");
  private static final Pattern CHECKLIST =
      Pattern.compile("(?i)\\b(checklist|template|how to|before|roles)\\b");

  /** Bold words that act as a heading are below all headings of Markdown. */
  private static final int BOLD_LEVEL = 7;

  private final MarkdownSource source;
  private final Lexicon lexicon;
  private final ParseResult findings;
  private final Headings headings;

  /** Reads the content of a code block that is never closed. */
  private final boolean insideCode;

  private boolean foundSection;
  private boolean beforeFirstHeading = true;
  private String lastHeading = "";

  DocumentParser(MarkdownSource source, Lexicon lexicon, List<ParseProblem> known) {
    this(source, lexicon, new ParseResult(), false);
    known.forEach(problem -> findings.problem(problem.line(), problem.text()));
  }

  private DocumentParser(
      MarkdownSource source, Lexicon lexicon, ParseResult findings, boolean insideCode) {
    this.source = source;
    this.lexicon = lexicon;
    this.findings = findings;
    this.headings = lexicon.headings();
    this.insideCode = insideCode;
  }

  Postmortem read() {
    readBlocks(source.document(), null);
    if (!foundSection && findings.isEmpty()) {
      findings.problem(
          1,
          findings.hasProblems()
              ? "no action items were found; list them below a heading \"Action items\""
              : "no action items: there is no heading such as \"Action items\"; list them below"
                  + " one");
    }
    String incident = IncidentPatterns.find(source);
    return new Postmortem(
        incident,
        incident == null ? 1 : source.lineWith(incident),
        source.title(),
        findings.items(),
        findings.problems());
  }

  /** A heading whose part of the document is being read. */
  private record Open(int level, @Nullable Section section) {}

  /** Sibling blocks; headings within a quotation end with it. */
  private void readBlocks(Node container, @Nullable Section around) {
    Deque<Open> open = new ArrayDeque<>();
    open.push(new Open(0, around));
    for (Node node : MarkdownSource.children(container)) {
      Section section = open.peek().section();
      if (node instanceof Heading head) {
        lastHeading = InlineText.of(head).line();
        open(head, head.getLevel(), lastHeading, open);
        reportPlaceholder(head);
        beforeFirstHeading = false;
      } else if (isHeading(node, section)) {
        open(node, BOLD_LEVEL, InlineText.of(node).line().replaceFirst("^#+", ""), open);
      } else {
        readBlock(node, section);
      }
    }
    closeDownTo(1, open);
  }

  private void open(Node node, int level, String line, Deque<Open> open) {
    closeDownTo(level, open);
    open.push(new Open(level, section(node, line, open.peek().section())));
  }

  /** Closes all parts with headings of this level or a lower one. */
  private void closeDownTo(int level, Deque<Open> open) {
    while (open.peek().level() >= level) {
      Section ended = open.pop().section();
      Section around = open.peek().section();
      if (ended != null && (around == null || around.root() != ended.root())) {
        findings.reportIfEmpty(ended.root(), lexicon);
      }
    }
  }

  private void reportPlaceholder(Heading head) {
    if (head.getLevel() == 1 && TemplatePlaceholders.PLACEHOLDER.matcher(lastHeading).find()) {
      findings.problem(
          source.line(head),
          "template placeholder \"%s\" in the title; fill it in"
              .formatted(TemplatePlaceholders.brief(lastHeading)));
    }
  }

  /** The section that a heading begins; null if it is not one of action items. */
  private @Nullable Section section(Node node, String line, @Nullable Section around) {
    String label = Headings.label(line);
    DueDate due = due(line);
    if (around != null) {
      return headings.endsActions(label) && !headings.announcesActions(label, false)
          ? null
          : around.labelled(label).below(node, due);
    }
    if (!headings.announcesActions(line, beforeFirstHeading && node instanceof Heading)) {
      return null;
    }
    foundSection = true;
    return Section.of(label, source.line(node), headings.isCertain(label), due);
  }

  /** "(Target: 2026-12-01)" at the end of a heading. */
  private DueDate due(String heading) {
    Matcher bracket = HEADING_DUE.matcher(heading);
    if (!bracket.find()) {
      return DueDate.NONE;
    }
    String inside = bracket.group(1);
    String day = lexicon.dates().withoutLabel(inside);
    Matcher label = lexicon.labels(inside);
    boolean labeled = label.lookingAt();
    boolean isDue =
        day.length() < inside.strip().length()
            || (labeled && lexicon.columns().label(label.group(1)) == ColumnRole.DUE);
    return isDue && !day.isEmpty()
        ? lexicon.parseDueDate(labeled ? inside.substring(label.end()) : day)
        : DueDate.NONE;
  }

  /** Bold words, or a line that ends with a colon, above a list act as a heading. */
  private boolean isHeading(Node node, @Nullable Section section) {
    if (!(node instanceof Paragraph)) {
      return false;
    }
    String line = InlineText.of(node).line();
    if (line.length() > 100 || ItemTextParser.isMarkedAsItem(line)) {
      return false;
    }
    Matcher noSpace = NO_SPACE.matcher(line);
    if (noSpace.matches() && headings.announcesActions(noSpace.group(1), false)) {
      findings.problem(
          source.line(node),
          "\"%s\" is not a Markdown heading; write a space after the #"
              .formatted(TemplatePlaceholders.brief(line)));
      return true;
    }
    boolean bold = InlineText.isBold(node);
    boolean aboveList = node.getNext() instanceof ListBlock || node.getNext() instanceof TableBlock;
    if (section != null) {
      return (bold || line.endsWith(":"))
          && (aboveList || (bold && headings.endsActions(line)))
          && line.length() <= 60;
    }
    return (bold || (line.endsWith(":") && aboveList)) && headings.announcesActions(line, false);
  }

  private void readBlock(Node node, @Nullable Section section) {
    MarkdownSource.refuseIfInterrupted();
    if (section != null && !(node instanceof ThematicBreak)) {
      String text = node instanceof Paragraph ? InlineText.of(node).line() : "(a block)";
      section.root().texts.add(text);
    }
    if (node instanceof ListBlock list) {
      readList(list, section);
    } else if (node instanceof TableBlock table) {
      new TableParser(source, lexicon, findings).read(table, section);
    } else if (node instanceof Paragraph) {
      new ParagraphParser(source, lexicon, findings).read(node, section);
    } else if (node instanceof BlockQuote) {
      readBlocks(node, section);
    } else if (node instanceof HtmlBlock html) {
      new HiddenSections(source, headings, findings).report(html, section);
    } else if (node instanceof FencedCodeBlock code) {
      readCode(code, section);
    } else if (node instanceof IndentedCodeBlock && section != null) {
      findings.problem(
          source.line(node),
          "an indented block is code and not read; take the indentation away",
          section);
    }
  }

  private void readCode(FencedCodeBlock code, @Nullable Section section) {
    if (section != null && !code.getLiteral().isBlank()) {
      section.root().texts.add(code.getLiteral());
    }
    MarkdownSource unclosed =
        insideCode ? null : new HiddenSections(source, headings, findings).report(code);
    if (unclosed != null) {
      foundSection = true;
      new DocumentParser(unclosed, lexicon, findings, true)
          .readBlocks(unclosed.document(), section);
    }
  }

  private void readList(ListBlock list, @Nullable Section section) {
    if (section != null) {
      new ListParser(source, lexicon, findings).read(list, section);
      return;
    }
    boolean reported = false;
    for (Bullet bullet : Bullet.of(list, source)) {
      reported |= readOutsideSection(bullet, reported);
    }
  }

  /**
   * @param reported whether the checkboxes of this list are reported already
   * @return whether they are now
   */
  private boolean readOutsideSection(Bullet bullet, boolean reported) {
    Node first = bullet.node().getFirstChild();
    InlineText text = first instanceof Paragraph ? InlineText.of(first) : InlineText.plain("");
    ItemBuilder facts = ItemTextParser.read(lexicon, text, true);
    if (announces(first, text.line())) {
      readBulletAsSection(bullet, text.line());
    } else if (ItemTextParser.isMarkedAsItem(text.text())
        || (facts.hasCheckbox() && facts.hasFacts())) {
      ParseResult.reportHtml(bullet.node(), facts);
      findings.add(
          facts, bullet.line(), source.excerpt(List.of(bullet.node()), new BitSet()), null);
    } else if (!reported && mayBeItem(facts)) {
      findings.problem(
          bullet.line(),
          "the checkboxes from line %d on are not below a heading of action items and are not read; put them under \"Action items\", or name an owner"
              .formatted(bullet.line()));
      return true;
    } else {
      bullet.blocks().stream().filter(block -> block != first).forEach(b -> readBlock(b, null));
    }
    return false;
  }

  /** A bullet above other blocks acts as their heading. */
  private boolean announces(@Nullable Node first, String line) {
    return first instanceof Paragraph
        && first.getNext() != null
        && !ItemTextParser.isMarkedAsItem(line)
        && (InlineText.isBold(first) || line.endsWith(":") || line.length() <= 40)
        && headings.announcesActions(line, false);
  }

  private void readBulletAsSection(Bullet bullet, String line) {
    foundSection = true;
    Section own = Section.of(Headings.label(line), bullet.line(), true, due(line));
    bullet.blocks().stream().skip(1).forEach(block -> readBlock(block, own));
    findings.reportIfEmpty(own.root(), lexicon);
  }

  private boolean mayBeItem(ItemBuilder facts) {
    return facts.hasCheckbox()
        && !facts.isDone()
        && !facts.title().isEmpty()
        && !CHECKLIST.matcher(lastHeading).find();
  }
}
