package dev.lockstep.connector.adf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;

/** What stands in a parsed paragraph, heading or cell, as runs. */
final class Inline {
  private final List<Run> runs = new ArrayList<>();

  private Inline() {}

  static List<Run> of(Node parent) {
    Inline inline = new Inline();
    inline.children(parent, Set.of(), "");
    return Run.joined(inline.runs);
  }

  private void children(Node parent, Set<String> marks, String href) {
    for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
      add(child, marks, href);
    }
  }

  private void add(Node node, Set<String> marks, String href) {
    if (node instanceof Text text) {
      runs.add(new Run(text.getLiteral(), marks, href));
    } else if (node instanceof HtmlInline html) {
      runs.add(new Run(html.getLiteral(), marks, href));
    } else if (node instanceof Code code) {
      runs.add(new Run(code.getLiteral().replace('\n', ' '), Set.of("code"), href));
    } else if (node instanceof SoftLineBreak || node instanceof HardLineBreak) {
      runs.add(Run.BREAK);
    } else if (node instanceof Emphasis) {
      children(node, and(marks, "em"), href);
    } else if (node instanceof StrongEmphasis) {
      children(node, and(marks, "strong"), href);
    } else if (node instanceof Strikethrough) {
      children(node, and(marks, "strike"), href);
    } else if (node instanceof Link link) {
      link(link, link.getDestination(), marks, href);
    } else if (node instanceof Image image) {
      link(image, image.getDestination(), marks, href);
    } else {
      children(node, marks, href);
    }
  }

  /** A picture is not shown, but stays to be found. */
  private void link(Node node, String destination, Set<String> marks, String href) {
    int before = runs.size();
    String target = href.isEmpty() ? destination.strip() : href;
    children(node, marks, target);
    if (runs.size() == before && !target.isEmpty()) {
      runs.add(new Run(target, marks, target));
    }
  }

  private static Set<String> and(Set<String> marks, String mark) {
    Set<String> more = new HashSet<>(marks);
    more.add(mark);
    return more;
  }
}
