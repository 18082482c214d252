package dev.lockstep.connector.adf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A stretch of text that is marked the same all through; {@code "\n"} alone is a line break.
 *
 * @param marks of {@code strong}, {@code em}, {@code strike}, {@code code}
 * @param href where it leads; empty: nowhere
 */
record Run(String text, Set<String> marks, String href) {
  static final Run BREAK = plain("\n");

  Run {
    marks = Set.copyOf(marks);
  }

  static Run plain(String text) {
    return new Run(text, Set.of(), "");
  }

  boolean isBreak() {
    return text.equals("\n");
  }

  boolean isCode() {
    return marks.contains("code");
  }

  Run withText(String other) {
    return new Run(other, marks, href);
  }

  /** Whether the text is its own address, so that it need not be written as a link. */
  boolean isBare() {
    return !href.isEmpty()
        && (href.equals(text) || href.equals("mailto:" + text) || href.equals("http://" + text));
  }

  boolean isAsMarkedAs(Run other) {
    return marks.equals(other.marks) && href.equals(other.href) && !isBreak() && !other.isBreak();
  }

  /** Without what a paragraph swallows: empty runs, blanks beside line breaks and at the ends. */
  static List<Run> joined(List<Run> runs) {
    List<Run> lines = new ArrayList<>();
    for (Run run : runs) {
      if (run.isBreak() || !run.text.contains("\n")) {
        add(run, lines);
      } else {
        String[] parts = run.text.split("\n", -1);
        for (int i = 0; i < parts.length; i++) {
          if (i > 0) {
            add(BREAK, lines);
          }
          add(run.withText(parts[i]), lines);
        }
      }
    }
    List<Run> stripped = new ArrayList<>();
    for (Run run : lines) {
      boolean begins = stripped.isEmpty() || stripped.get(stripped.size() - 1).isBreak();
      if (run.isBreak()) {
        stripEnd(stripped);
        if (!stripped.isEmpty()) {
          stripped.add(BREAK);
        }
      } else {
        String text = begins ? run.text.stripLeading() : run.text;
        if (!text.isEmpty()) {
          stripped.add(run.withText(text));
        }
      }
    }
    stripEnd(stripped);
    while (!stripped.isEmpty() && stripped.get(stripped.size() - 1).isBreak()) {
      stripped.remove(stripped.size() - 1);
      stripEnd(stripped);
    }
    return stripped;
  }

  private static void stripEnd(List<Run> runs) {
    while (!runs.isEmpty() && !runs.get(runs.size() - 1).isBreak()) {
      Run last = runs.remove(runs.size() - 1);
      String text = last.text.stripTrailing();
      if (!text.isEmpty()) {
        runs.add(last.withText(text));
        return;
      }
    }
  }

  private static void add(Run run, List<Run> into) {
    if (run.text.isEmpty()) {
      return;
    }
    Run last = into.isEmpty() ? null : into.get(into.size() - 1);
    if (last != null && last.isAsMarkedAs(run)) {
      into.set(into.size() - 1, last.withText(last.text + run.text));
    } else {
      into.add(run);
    }
  }

  /** The document's nodes for these. */
  static List<ObjectNode> nodes(List<Run> runs) {
    List<ObjectNode> nodes = new ArrayList<>();
    for (Run run : runs) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      nodes.add(node);
      if (run.isBreak()) {
        node.put("type", "hardBreak");
        continue;
      }
      node.put("type", "text").put("text", run.text);
      if (!run.marks.isEmpty() || !run.href.isEmpty()) {
        ArrayNode marks = node.putArray("marks");
        if (!run.href.isEmpty()) {
          marks.addObject().put("type", "link").putObject("attrs").put("href", run.href);
        }
        // Beside code a document allows a link only.
        (run.isCode() ? Set.of("code") : new TreeSet<>(run.marks))
            .forEach(mark -> marks.addObject().put("type", mark));
      }
    }
    return nodes;
  }
}
