package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.markdown.HtmlTags;
import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;

/** A bullet of a list, with its position in the document. */
record Bullet(ListItem node, MarkdownSource source) {
  /** Lines that Markdown takes for text of the bullet above, although they look different. */
  private static final Pattern SWALLOWED =
      Pattern.compile(
          "^\\s*+(?:[•●▪◦‣⁃∙○■□·–—]\\s*+\\S|[-+*](?=[\\[\\p{L}✅☐☑])|\\d{1,3}[.)]\\s|#{1,6}[^#\\s\\d]|\\[["
              + " xX]?\\]\\s|\\|.*\\|)");

  static List<Bullet> of(ListBlock list, MarkdownSource source) {
    return MarkdownSource.children(list).stream()
        .map(node -> new Bullet((ListItem) node, source))
        .toList();
  }

  List<Node> blocks() {
    return MarkdownSource.children(node);
  }

  /** The bullets one level below. */
  List<Bullet> below() {
    List<Bullet> below = new ArrayList<>();
    for (Node block : blocks()) {
      if (block instanceof ListBlock list) {
        below.addAll(of(list, source));
      }
    }
    return below;
  }

  int line() {
    return source.line(node);
  }

  int lastLine() {
    return source.lastLine(node);
  }

  /** Neither text nor bullets below it. */
  boolean isBlank() {
    return below().isEmpty()
        && blocks().stream()
            .allMatch(
                block ->
                    block instanceof Paragraph
                        && InlineText.of(block)
                            .text()
                            .replaceFirst("^\\s*\\[[ xX]?\\]", "")
                            .isBlank());
  }

  boolean isBold() {
    return node.getFirstChild() instanceof Paragraph first && InlineText.isBold(first);
  }

  /** The text of the bullet itself. */
  InlineText text() {
    for (Node block : blocks()) {
      if (block instanceof ListBlock) {
        break;
      }
      InlineText text = text(block);
      if (!text.isBlank()) {
        return withoutSwallowed(text);
      }
    }
    return InlineText.plain("");
  }

  private InlineText text(Node block) {
    if (block instanceof Paragraph || block instanceof Heading) {
      return InlineText.of(block);
    }
    return InlineText.plain(
        block instanceof HtmlBlock html
            ? HtmlTags.removeFrom(html.getLiteral())
            : source.excerpt(List.of(block), new BitSet()).replaceAll("[>`~|]+", " "));
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
   * Reports lines directly below the bullet that Markdown treats as its continuation, whatever they
   * look like.
   */
  void reportSwallowed(ParseResult findings, Section section) {
    for (Node block : blocks()) {
      if (block instanceof Paragraph) {
        String[] lines = InlineText.of(block).text().split("\n", -1);
        for (int i = 1; i < lines.length; i++) {
          if (SWALLOWED.matcher(lines[i]).find()) {
            findings.problem(
                source.line(block) + i,
                "\"%s\" is read as part of the bullet above it; begin the line with \"- \", or insert an empty line before a heading or table"
                    .formatted(TemplatePlaceholders.brief(lines[i])),
                section);
          }
        }
      }
    }
  }
}
