package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.vocabulary.DueDate;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/**
 * A part of the document that contains action items.
 *
 * @param root of the outermost such heading; counts what was found below it
 * @param labels of headings and groups below that heading
 * @param heading the innermost heading of this part, if it has its own
 * @param due the due date in the heading, for all items below it
 */
record Section(Root root, List<String> labels, @Nullable Node heading, DueDate due) {

  /** The outermost heading. */
  static final class Root {
    final String heading;
    final int line;
    final boolean certain;
    boolean found;
    final List<String> texts = new ArrayList<>();

    Root(String heading, int line, boolean certain) {
      this.heading = heading;
      this.line = line;
      this.certain = certain;
    }
  }

  static Section of(String heading, int line, boolean certain, DueDate due) {
    return new Section(new Root(heading, line, certain), List.of(), null, due);
  }

  Section labelled(String label) {
    if (label.isEmpty()) {
      return this;
    }
    List<String> more = new ArrayList<>(labels);
    more.add(label);
    return new Section(root, List.copyOf(more), heading, due);
  }

  Section below(Node newHeading, DueDate inHeading) {
    return new Section(root, labels, newHeading, inHeading.equals(DueDate.NONE) ? due : inHeading);
  }
}
