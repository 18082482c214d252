package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.item.ItemBuilder;
import dev.lockstep.postmortem.parse.item.ItemTextParser;
import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/**
 * Reads items in paragraphs. "**Action item:** …" is recognized anywhere; each such line begins an
 * item.
 */
final class ParagraphParser {
  private static final Pattern PASTED_BULLET = Pattern.compile("(?m)^\\s*[•●▪◦–—·]\\s+\\S");

  private final MarkdownSource source;
  private final Lexicon lexicon;
  private final ParseResult findings;

  ParagraphParser(MarkdownSource source, Lexicon lexicon, ParseResult findings) {
    this.source = source;
    this.lexicon = lexicon;
    this.findings = findings;
  }

  void read(Node paragraph, @Nullable Section section) {
    Node from = paragraph.getFirstChild();
    boolean any = false;
    for (Node node = from; node != null; ) {
      Node end = MarkdownSource.lineEnd(node);
      Node next = end == null ? null : end.getNext();
      if (next == null || isMarked(next, MarkdownSource.lineEnd(next))) {
        any |= from != null && readItem(paragraph, from, end, section);
        from = next;
      }
      node = next;
    }
    if (!any && section != null) {
      reportUnmarked(paragraph, section);
    }
  }

  private static boolean isMarked(Node from, @Nullable Node to) {
    return ItemTextParser.isMarkedAsItem(InlineText.of(from, to).text());
  }

  private boolean readItem(
      Node paragraph, Node from, @Nullable Node to, @Nullable Section section) {
    if (!isMarked(from, to)) {
      return false;
    }
    int line = from.getSourceSpans().isEmpty() ? source.line(paragraph) : source.line(from);
    Node last = to == null ? paragraph.getLastChild() : to.getPrevious();
    int end = last == null || last.getSourceSpans().isEmpty() ? line : source.lastLine(last);
    ItemBuilder facts = ItemTextParser.read(lexicon, InlineText.of(from, to), false);
    List<Node> nodes = new ArrayList<>();
    for (Node node = from; node != null && node != to; node = node.getNext()) {
      nodes.add(node);
      ParseResult.reportHtml(node, facts);
    }
    findings.add(facts, line, source.excerpt(paragraph, nodes, line, end), section);
    return true;
  }

  /** Reports a paragraph that looks like an item but is not a list item in Markdown. */
  private void reportUnmarked(Node paragraph, Section section) {
    InlineText text = InlineText.of(paragraph);
    ItemBuilder facts = ItemTextParser.read(lexicon, text, true);
    if (facts.hasCheckbox() || facts.owner() != null || PASTED_BULLET.matcher(text.text()).find()) {
      findings.problem(
          source.line(paragraph),
          "\"%s\" looks like an action item but is not a list item; begin the line with \"- \""
              .formatted(TemplatePlaceholders.brief(text.text())),
          section);
    }
  }
}
