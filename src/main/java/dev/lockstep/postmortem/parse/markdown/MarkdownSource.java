package dev.lockstep.postmortem.parse.markdown;

import dev.lockstep.postmortem.parse.PostmortemParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.commonmark.ext.front.matter.YamlFrontMatterExtension;
import org.commonmark.ext.front.matter.YamlFrontMatterNode;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.SourceSpan;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/** A document with its syntax tree: the lines of each node, and its source text. */
public final class MarkdownSource {
  /**
   * Limit for nested blocks. Deeper nesting is read as text, so that tree walks fit into a small
   * thread's stack.
   */
  private static final int DEEPEST = 60;

  // Checkboxes and bare URLs are read from the text of a node: the extensions for both walk the
  // tree recursively, and ten thousand asterisks make it that deep.
  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create(), YamlFrontMatterExtension.create()))
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .maxOpenBlockParsers(DEEPEST)
          .build();

  private static final Pattern ANCHOR = Pattern.compile("\\{#[^{}]*+\\}\\s*$");

  private final String text;
  private final String[] lines;
  private final Node document;
  private int @Nullable [] starts;

  public MarkdownSource(String text) {
    this.text = text;
    this.lines = text.split("\r\n|\n|\r", -1);
    this.document = PARSER.parse(text);
  }

  /** Parses a part of a block as a document of its own, with the line numbers of the file. */
  public MarkdownSource at(int line, String part) {
    return new MarkdownSource("\n".repeat(line - 1) + part);
  }

  /** The caller has timed out. */
  public static void refuseIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new PostmortemParseException(
          "reading it takes too long; leave out logs and what was generated, or split it");
    }
  }

  public Node document() {
    return document;
  }

  /** The first heading, or the title in the front matter; empty if it has neither. */
  public String title() {
    String stated = "";
    for (Node node : below(document)) {
      if (node instanceof Heading
          && node.getParent() == document
          && !InlineText.of(node).isBlank()) {
        return withoutAnchor(InlineText.of(node).line());
      }
      if (node instanceof YamlFrontMatterNode pair
          && pair.getKey().equalsIgnoreCase("title")
          && !pair.getValues().isEmpty()) {
        stated = InlineText.tidy(pair.getValues().get(0));
      }
    }
    return stated;
  }

  /** Exports append the anchor to a heading: {@code {#action-items}}. */
  public static String withoutAnchor(String heading) {
    return ANCHOR.matcher(heading.strip()).replaceFirst("").strip();
  }

  /** Line number, from 1. */
  public int line(Node node) {
    return node.getSourceSpans().isEmpty() ? 1 : node.getSourceSpans().get(0).getLineIndex() + 1;
  }

  /** The first line with these words; 1 if there is none, for example if a URL encodes them. */
  public int lineWith(String words) {
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].contains(words)) {
        return i + 1;
      }
    }
    return 1;
  }

  public int lastLine(Node node) {
    List<SourceSpan> spans = node.getSourceSpans();
    return spans.isEmpty() ? 1 : spans.get(spans.size() - 1).getLineIndex() + 1;
  }

  /** The source text of a node's first line, from the start of the node. */
  public String written(Node node) {
    SourceSpan span = node.getSourceSpans().get(0);
    return lines[span.getLineIndex()].substring(span.getColumnIndex());
  }

  /**
   * The Markdown of consecutive nodes, without HTML and executable links.
   *
   * @param without lines that belong to items of their own
   */
  public String excerpt(List<? extends Node> nodes, BitSet without) {
    List<String> kept = new ArrayList<>();
    for (Node node : nodes) {
      Map<Integer, Cut> cuts = cuts(List.of(node));
      int indent = node.getSourceSpans().isEmpty() ? 0 : start(node);
      for (int line = line(node); line <= lastLine(node); line++) {
        if (!without.get(line)) {
          kept.add(outdented(line, indent, cuts));
        }
      }
    }
    return clean(kept);
  }

  /** The same for some lines of a paragraph, with the inline nodes in them. */
  public String excerpt(Node paragraph, List<Node> written, int from, int to) {
    Map<Integer, Cut> cuts = cuts(written);
    List<String> kept = new ArrayList<>();
    for (int line = from; line <= to; line++) {
      kept.add(outdented(line, start(paragraph), cuts));
    }
    return clean(kept);
  }

  private static String clean(List<String> lines) {
    return HtmlTags.escape(String.join("\n", lines))
        .replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\uFFFD")
        .strip();
  }

  private static int start(Node node) {
    return node.getSourceSpans().get(0).getColumnIndex();
  }

  private record Cut(int length, String instead) {}

  private String outdented(int line, int indent, Map<Integer, Cut> cuts) {
    String whole = lines[line - 1];
    StringBuilder kept = new StringBuilder();
    int start = lineStart(line);
    int column = 0;
    while (column < Math.min(indent, whole.length()) && " \t>".indexOf(whole.charAt(column)) >= 0) {
      column++;
    }
    while (column < whole.length()) {
      Cut cut = cuts.get(start + column);
      if (cut == null) {
        kept.append(whole.charAt(column++));
      } else {
        kept.append(cut.instead());
        column += cut.length();
      }
    }
    return kept.toString().stripTrailing();
  }

  private int lineStart(int line) {
    int[] known = starts;
    if (known == null) {
      known = new int[lines.length];
      int at = 0;
      for (int i = 0; i < lines.length; i++) {
        known[i] = at;
        at += lines[i].length();
        at += text.startsWith("\r\n", at) ? 2 : 1;
      }
      starts = known;
    }
    return known[line - 1];
  }

  private static Map<Integer, Cut> cuts(List<Node> roots) {
    Map<Integer, Cut> cuts = new TreeMap<>();
    List<Node> all = new ArrayList<>(roots);
    roots.forEach(root -> all.addAll(below(root)));
    for (Node node : all) {
      String instead = null;
      if (node instanceof HtmlInline) {
        instead = HtmlTags.isLineBreak(((HtmlInline) node).getLiteral()) ? " " : "";
      } else if (node instanceof HtmlBlock block) {
        instead = HtmlTags.removeFrom(block.getLiteral()).strip().replaceAll("\\s+", " ");
      } else if (node instanceof Link link && !HtmlTags.isSafe(link.getDestination())) {
        instead = InlineText.of(link).line();
      }
      if (instead != null) {
        for (SourceSpan span : node.getSourceSpans()) {
          if (span.getLength() > 0) {
            cuts.putIfAbsent(span.getInputIndex(), new Cut(span.getLength(), instead));
            instead = "";
          }
        }
      }
    }
    return cuts;
  }

  /** All descendants of a node, in document order. */
  public static List<Node> below(Node root) {
    List<Node> found = new ArrayList<>();
    Deque<Node> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (node != root) {
        found.add(node);
      }
      for (Node child = node.getLastChild(); child != null; child = child.getPrevious()) {
        open.push(child);
      }
    }
    return found;
  }

  /** The break at the end of a line; null if it is the last one of its paragraph. */
  public static @Nullable Node lineEnd(Node inLine) {
    Node end = inLine;
    while (end != null && !(end instanceof SoftLineBreak || end instanceof HardLineBreak)) {
      end = end.getNext();
    }
    return end;
  }

  public static List<Node> children(Node parent) {
    List<Node> children = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
      children.add(child);
    }
    return children;
  }
}
