package dev.lockstep.postmortem.parse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.front.matter.YamlFrontMatterBlock;
import org.commonmark.ext.front.matter.YamlFrontMatterNode;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.ThematicBreak;
import org.jspecify.annotations.Nullable;

/** Walks a document once, from its first block to its last. */
final class DocumentParser {
  private static final Pattern NO_SPACE = Pattern.compile("^\\s*#{1,6}([^#\\s].*)$");
  private static final Pattern HEADING_DUE = Pattern.compile("\\(([^()]{1,80})\\)(?:\\s*:)?\\s*$");
  private static final Pattern HTML_HEADING =
      Pattern.compile("(?i)<(/?)h[1-6](?![a-z0-9])[^<>]*+>");
  private static final Pattern CHECKLIST =
      Pattern.compile("(?i)\\b(checklist|template|how to|before|roles)\\b");
  private static final Pattern PASTED = Pattern.compile("(?m)^\\s*[•●▪◦–—·]\\s+\\S");

  private final MarkdownSource source;
  private final ParseResult findings;
  private final boolean inner;
  private final Headings headings;
  private boolean sections;
  private boolean title = true;
  private String heading = "";

  DocumentParser(MarkdownSource source, List<ParseProblem> known) {
    this(source, new ParseResult(), false);
    known.forEach(problem -> findings.problem(problem.line(), problem.text()));
  }

  private DocumentParser(MarkdownSource source, ParseResult findings, boolean inner) {
    this.source = source;
    this.findings = findings;
    this.inner = inner;
    this.headings = source.lexicon().headings();
  }

  Postmortem read() {
    Node document = source.document();
    readBlocks(document, null);
    if (!sections && findings.isEmpty() && !findings.hasProblems()) {
      findings.problem(
          1,
          "no action items: there is no heading such as \"Action items\"; list them below"
              + " one");
    } else if (!sections && findings.isEmpty()) {
      findings.problem(1, "no action items were found; list them below a heading \"Action items\"");
    }
    String incident = IncidentPatterns.find(document, source);
    return new Postmortem(
        incident,
        incident == null ? 1 : source.lineWith(incident),
        title(document),
        findings.items(),
        findings.problems());
  }

  private String title(Node document) {
    String stated = "";
    for (Node node : MarkdownSource.children(document)) {
      if (node instanceof Heading && !InlineText.of(node).isBlank()) {
        return Headings.withoutAnchor(InlineText.of(node).line());
      }
      if (node instanceof YamlFrontMatterBlock) {
        for (Node entry : MarkdownSource.children(node)) {
          if (entry instanceof YamlFrontMatterNode pair
              && pair.getKey().equalsIgnoreCase("title")
              && !pair.getValues().isEmpty()) {
            stated = InlineText.tidy(pair.getValues().get(0));
          }
        }
      }
    }
    return stated;
  }

  private record Open(int level, @Nullable Section section) {}

  /** Sibling blocks; headings within a quotation end with it. */
  private void readBlocks(Node container, @Nullable Section around) {
    Deque<Open> open = new ArrayDeque<>();
    open.push(new Open(0, around));
    for (Node node : MarkdownSource.children(container)) {
      if (node instanceof Heading head) {
        while (open.size() > 1 && open.peek().level() >= head.getLevel()) {
          close(open.pop(), open.peek().section());
        }
        Section section = heading(head, InlineText.of(head).line(), open.peek().section());
        open.push(new Open(head.getLevel(), section));
        heading = InlineText.of(head).line();
        if (head.getLevel() == 1 && Placeholders.PLACEHOLDER.matcher(heading).find()) {
          findings.problem(
              source.line(head),
              "template placeholder \"%s\" in the title; fill it in"
                  .formatted(Placeholders.brief(heading)));
        }
        title = false;
      } else if (isHeading(node, open.peek().section())) {
        while (open.size() > 1 && open.peek().level() > 6) {
          close(open.pop(), open.peek().section());
        }
        String line = InlineText.of(node).line().replaceFirst("^#+", "");
        open.push(new Open(7, heading(node, line, open.peek().section())));
      } else {
        block(node, open.peek().section());
      }
    }
    while (open.size() > 1) {
      close(open.pop(), open.peek().section());
    }
  }

  private @Nullable Section heading(Node node, String line, @Nullable Section around) {
    String label = Headings.label(line);
    DueDate due = due(line);
    if (around != null) {
      return headings.endsActions(label) && !headings.announcesActions(label, false)
          ? null
          : around.labelled(label).below(node, due);
    }
    if (!headings.announcesActions(line, title && node instanceof Heading)) {
      return null;
    }
    sections = true;
    return new Section(
        new Section.Root(label, source.line(node), headings.isCertain(label)),
        List.of(),
        null,
        due);
  }

  /** "(Target: 2026-12-01)" at the end of a heading. */
  private DueDate due(String heading) {
    Matcher bracket = HEADING_DUE.matcher(heading);
    if (!bracket.find()) {
      return DueDate.NONE;
    }
    Dates dates = source.lexicon().dates();
    String day = dates.withoutLabel(bracket.group(1));
    Matcher label = source.lexicon().labels(bracket.group(1));
    boolean labelled =
        day.length() < bracket.group(1).strip().length()
            || (label.lookingAt()
                && source.lexicon().columns().label(label.group(1)) == ColumnRole.DUE);
    return labelled && !day.isEmpty()
        ? dates.read(label.lookingAt() ? bracket.group(1).substring(label.end()) : day)
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
              .formatted(Placeholders.brief(line)));
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

  private void close(Open ended, @Nullable Section around) {
    Section section = ended.section();
    if (section == null || (around != null && around.root() == section.root())) {
      return;
    }
    Section.Root root = section.root();
    boolean marked =
        !root.texts.isEmpty() && root.texts.stream().allMatch(source.lexicon()::isNothingToDo);
    if (!root.found && !marked && (root.certain || findings.isEmpty())) {
      findings.problem(
          root.line,
          "no action items found under \"%s\" at line %d; write each as a bullet or a table row"
              .formatted(Placeholders.brief(root.heading), root.line));
    }
  }

  private void block(Node node, @Nullable Section section) {
    MarkdownSource.refuseIfInterrupted();
    if (section != null && !(node instanceof ThematicBreak)) {
      section
          .root()
          .texts
          .add(node instanceof Paragraph ? InlineText.of(node).line() : "(a block)");
    }
    if (node instanceof ListBlock list) {
      list(list, section);
    } else if (node instanceof TableBlock table) {
      new TableParser(source, findings).read(table, section);
    } else if (node instanceof Paragraph) {
      paragraph(node, section);
    } else if (node instanceof BlockQuote) {
      readBlocks(node, section);
    } else if (node instanceof HtmlBlock html) {
      html(html, section);
    } else if (node instanceof FencedCodeBlock code) {
      code(code, section);
    } else if (node instanceof IndentedCodeBlock && section != null) {
      findings.problem(
          source.line(node),
          "an indented block is code and not read; take the indentation away",
          section);
    } else if (node instanceof LinkReferenceDefinition) {
      return;
    }
  }

  private void list(ListBlock list, @Nullable Section section) {
    if (section != null) {
      new ListParser(source, findings).read(list, section);
      return;
    }
    boolean reported = false;
    for (Node bullet : MarkdownSource.children(list)) {
      Node first = bullet.getFirstChild();
      InlineText text = first instanceof Paragraph ? InlineText.of(first) : InlineText.plain("");
      ItemBuilder facts = source.facts(text, true);
      if (announces(first, text.line())) {
        sections = true;
        String label = Headings.label(text.line());
        Section own =
            new Section(
                new Section.Root(label, source.line(bullet), true),
                List.of(),
                null,
                due(text.line()));
        for (Node below :
            MarkdownSource.children(bullet).subList(1, MarkdownSource.children(bullet).size())) {
          block(below, own);
        }
        close(new Open(8, own), null);
      } else if (ItemTextParser.isMarkedAsItem(text.text())
          || (facts.hasCheckbox()
              && (facts.owner() != null || facts.isDueStated() || facts.ticket() != null))) {
        findings.add(
            html(bullet, facts),
            source.line(bullet),
            source.excerpt(List.of(bullet), new BitSet()),
            null);
      } else if (facts.hasCheckbox()
          && !facts.isDone()
          && !facts.title().isEmpty()
          && !reported
          && !CHECKLIST.matcher(heading).find()) {
        reported = true;
        findings.problem(
            source.line(bullet),
            "the checkboxes from line %d on are not below a heading of action items and are not read; put them under \"Action items\", or name an owner"
                .formatted(source.line(bullet)));
      } else {
        for (Node below : MarkdownSource.children(bullet)) {
          if (below != first) {
            block(below, null);
          }
        }
      }
    }
  }

  private boolean announces(@Nullable Node first, String line) {
    return first instanceof Paragraph
        && first.getNext() != null
        && !ItemTextParser.isMarkedAsItem(line)
        && (InlineText.isBold(first) || line.endsWith(":") || line.length() <= 40)
        && headings.announcesActions(line, false);
  }

  /** "**Action item:** …" is recognized anywhere; each such line begins an item. */
  private void paragraph(Node paragraph, @Nullable Section section) {
    Node from = paragraph.getFirstChild();
    boolean any = false;
    for (Node node = from; node != null; ) {
      Node next = lineEnd(node);
      Node after = next == null ? null : next.getNext();
      boolean begins =
          after == null
              || ItemTextParser.isMarkedAsItem(InlineText.of(after, lineEnd(after)).text());
      if (begins) {
        any |= readItemText(paragraph, from, next, section);
        from = after;
      }
      node = after;
    }
    if (!any && section != null) {
      readStrayParagraph(paragraph, section);
    }
  }

  private static @Nullable Node lineEnd(Node node) {
    Node end = node;
    while (end != null && !isBreak(end)) {
      end = end.getNext();
    }
    return end;
  }

  private static boolean isBreak(Node node) {
    return node instanceof SoftLineBreak || node instanceof HardLineBreak;
  }

  private boolean readItemText(
      Node paragraph, @Nullable Node from, @Nullable Node to, @Nullable Section section) {
    if (from == null) {
      return false;
    }
    InlineText text = InlineText.of(from, to);
    if (!ItemTextParser.isMarkedAsItem(text.text())) {
      return false;
    }
    int line = from.getSourceSpans().isEmpty() ? source.line(paragraph) : source.line(from);
    Node last = to == null ? paragraph.getLastChild() : to.getPrevious();
    int end = last == null || last.getSourceSpans().isEmpty() ? line : source.lastLine(last);
    List<Node> nodes = new ArrayList<>();
    for (Node node = from; node != null && node != to; node = node.getNext()) {
      nodes.add(node);
    }
    ItemBuilder facts = source.facts(text, false);
    if (nodes.stream().anyMatch(MarkdownSource::hasHtml)) {
      facts.problem(ParseResult.HTML);
    }
    findings.add(facts, line, source.excerpt(paragraph, nodes, line, end), section);
    return true;
  }

  /** A paragraph that looks like an item but is not a list item in Markdown. */
  private void readStrayParagraph(Node paragraph, Section section) {
    InlineText text = InlineText.of(paragraph);
    ItemBuilder facts = source.facts(text, true);
    if (facts.hasCheckbox() || facts.owner() != null || PASTED.matcher(text.text()).find()) {
      findings.problem(
          source.line(paragraph),
          "\"%s\" looks like an action item but is not a list item; begin the line with \"- \""
              .formatted(Placeholders.brief(text.text())),
          section);
    }
  }

  private static ItemBuilder html(Node node, ItemBuilder facts) {
    if (MarkdownSource.hasHtml(node)) {
      facts.problem(ParseResult.HTML);
    }
    return facts;
  }

  private void html(HtmlBlock block, @Nullable Section section) {
    String html = block.getLiteral();
    if (section != null && !MarkdownSource.withoutTags(html).isBlank()) {
      findings.problem(
          source.line(block),
          "a block of HTML among the action items is not read; write it as a Markdown list or"
              + " table",
          section);
    }
    Matcher tag = HTML_HEADING.matcher(html);
    int from = -1;
    while (section == null && tag.find()) {
      boolean closes = !tag.group(1).isEmpty();
      String words =
          closes && from >= 0 ? MarkdownSource.withoutTags(html.substring(from, tag.start())) : "";
      from = closes ? -1 : tag.end();
      if (headings.announcesActions(words, false)) {
        findings.problem(
            source.line(block),
            "the heading \"%s\" is HTML, and what follows is not read; write it as ## in Markdown"
                .formatted(Placeholders.brief(words)));
      }
    }
  }

  private boolean holdsActions(String code) {
    return code.contains("#")
        && code.lines()
            .filter(line -> line.startsWith("#"))
            .anyMatch(line -> headings.announcesActions(line.replace('#', ' '), false));
  }

  /**
   * A fence that is never closed includes the rest of the document, which is probably a mistake.
   */
  private void code(FencedCodeBlock code, @Nullable Section section) {
    int line = source.line(code);
    if (section != null && !code.getLiteral().isBlank()) {
      section.root().texts.add(code.getLiteral());
    }
    if (inner || !holdsActions(code.getLiteral())) {
      return;
    }
    MarkdownSource within = source.at(line + 1, code.getLiteral());
    for (Node node : MarkdownSource.children(within.document())) {
      if (node instanceof Heading && headings.announcesActions(InlineText.of(node).line(), false)) {
        boolean closed = code.getClosingFenceLength() != null;
        findings.problem(
            line,
            "the code block from line %d %s \"%s\" at line %d; %s"
                .formatted(
                    line,
                    closed ? "holds" : "is never closed and swallows",
                    Placeholders.brief(InlineText.of(node).line()),
                    within.line(node),
                    closed ? "code is not read, so move it out of the block" : "close it before"));
        if (!closed) {
          sections = true;
          new DocumentParser(within, findings, true).readBlocks(within.document(), section);
        }
        return;
      }
    }
  }
}
