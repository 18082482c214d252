package dev.lockstep.connector.adf;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.jspecify.annotations.Nullable;

/**
 * Writes runs as Markdown with as few backslashes as can be, since much of it is read as it is:
 * what is written is parsed again, and only if that gives something else are more characters
 * escaped, or in the end marks left out.
 */
enum MarkdownText {
  PARAGRAPH {
    @Override
    String framed(String text) {
      return text;
    }

    @Override
    @Nullable Node found(Node document) {
      return document.getFirstChild() instanceof Paragraph paragraph ? paragraph : null;
    }
  },
  HEADING {
    @Override
    String framed(String text) {
      return "# " + text;
    }

    @Override
    @Nullable Node found(Node document) {
      return document.getFirstChild() instanceof Heading heading ? heading : null;
    }
  },
  CELL {
    @Override
    String framed(String text) {
      return "| " + text + " | x |\n| --- | --- |";
    }

    @Override
    @Nullable Node found(Node document) {
      if (!(document.getFirstChild() instanceof TableBlock table)) {
        return null;
      }
      Node row = table.getFirstChild().getFirstChild();
      Node cell = row.getFirstChild();
      // A third cell is what an unescaped | makes of the first.
      boolean two = cell.getNext() != null && cell.getNext() == row.getLastChild();
      return two ? cell : null;
    }
  };

  private static final String SPECIAL = "\\`*_[]<>&~|!";

  /** The block in which the text would stand. */
  abstract String framed(String text);

  abstract @Nullable Node found(Node document);

  String write(List<Run> runs) {
    for (boolean escaped : List.of(false, true)) {
      String text = text(runs, escaped);
      if (isRead(text, runs)) {
        return text;
      }
    }
    List<Run> unmarked =
        Run.joined(
            runs.stream()
                .map(run -> run.isCode() ? run : new Run(run.text(), Set.of(), run.href()))
                .toList());
    String text = text(unmarked, true);
    if (isRead(text, unmarked)) {
      return text;
    }
    List<Run> bare =
        Run.joined(runs.stream().map(run -> run.isBreak() ? run : Run.plain(run.text())).toList());
    return text(bare, true);
  }

  private boolean isRead(String text, List<Run> runs) {
    Node document = DocumentWriter.PARSER.parse(framed(text));
    Node block = found(document);
    return block != null
        && block.getParent() != null
        && document.getFirstChild() == document.getLastChild()
        && seen(Inline.of(block)).equals(seen(runs));
  }

  /** An address is a link whether it is marked as one or not, and a blank is not marked. */
  private static List<Run> seen(List<Run> runs) {
    List<Run> seen = new ArrayList<>();
    for (Run run : Run.joined(runs)) {
      String href = run.isBare() ? "" : run.href();
      String core = run.isCode() ? run.text() : run.text().strip();
      int start = run.isBreak() ? 0 : run.text().indexOf(core);
      if (run.isBreak()) {
        seen.add(run);
        continue;
      }
      seen.add(new Run(run.text().substring(0, start), Set.of(), href));
      seen.add(new Run(core, run.marks(), href));
      seen.add(new Run(run.text().substring(start + core.length()), Set.of(), href));
    }
    return Run.joined(seen);
  }

  private String text(List<Run> runs, boolean escaped) {
    StringBuilder text = new StringBuilder();
    boolean begins = true;
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      if (run.isBreak()) {
        text.append('\n');
        begins = true;
        continue;
      }
      int end = i + 1;
      if (!run.href().isEmpty() && !run.isBare()) {
        while (end < runs.size() && runs.get(end).href().equals(run.href())) {
          end++;
        }
        text.append('[');
        marked(runs.subList(i, end), escaped, false, text);
        text.append("](").append(target(run.href())).append(')');
      } else {
        while (end < runs.size()
            && !runs.get(end).isBreak()
            && (runs.get(end).href().isEmpty() || runs.get(end).isBare())) {
          end++;
        }
        marked(runs.subList(i, end), escaped, begins, text);
      }
      i = end - 1;
      begins = false;
    }
    String written = text.toString();
    return this == CELL ? written.replaceAll("(?<!\\\\)\\|", "\\\\|") : written;
  }

  private static String target(String href) {
    if (href.matches("[^\\s()<>\\\\`|]+") && !href.matches(".*&#?\\w+;.*")) {
      return href;
    }
    return "<" + href.replace("\\", "\\\\").replaceAll("([<>`*_\\[\\]&])", "\\\\$1") + ">";
  }

  /**
   * Runs in a row; marks are opened and closed in one order, so that they nest, and never beside a
   * blank, where they would be none.
   */
  private static void marked(List<Run> runs, boolean escaped, boolean begins, StringBuilder text) {
    List<String> open = new ArrayList<>();
    boolean first = begins;
    String blank = "";
    for (Run run : runs) {
      String words = run.text();
      String core = run.isCode() ? words : words.strip();
      if (core.isEmpty()) {
        blank += words;
        continue;
      }
      int start = words.indexOf(core);
      Set<String> wanted = new TreeSet<>(run.marks());
      wanted.remove("code");
      int keep = 0;
      while (keep < open.size() && wanted.contains(open.get(keep))) {
        keep++;
      }
      close(open, keep, text);
      text.append(blank).append(words, 0, start);
      for (String mark : wanted) {
        if (!open.contains(mark)) {
          open.add(mark);
          text.append(sign(mark));
        }
      }
      text.append(run.isCode() ? code(core) : escaped ? escape(core, first) : core);
      first = false;
      blank = words.substring(start + core.length());
    }
    close(open, 0, text);
    text.append(blank);
  }

  private static void close(List<String> open, int keep, StringBuilder text) {
    while (open.size() > keep) {
      text.append(sign(open.remove(open.size() - 1)));
    }
  }

  private static String sign(String mark) {
    return switch (mark) {
      case "strong" -> "**";
      case "em" -> "*";
      default -> "~~";
    };
  }

  private static String code(String text) {
    int longest = 0;
    for (int run = 0, i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    String ticks = "`".repeat(longest + 1);
    boolean padded =
        text.startsWith("`")
            || text.endsWith("`")
            || text.startsWith(" ") && text.endsWith(" ") && !text.isBlank();
    return padded ? ticks + " " + text + " " + ticks : ticks + text + ticks;
  }

  private static String escape(String text, boolean begins) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '|') {
        escaped.append("&#124;");
        continue;
      }
      if (SPECIAL.indexOf(c) >= 0 || begins && isMarker(text, i)) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  /** Where a line would begin as a list, a heading, a rule or a fence. */
  private static boolean isMarker(String text, int at) {
    char c = text.charAt(at);
    if (at == 0) {
      return "#+-=:".indexOf(c) >= 0;
    }
    return (c == '.' || c == ')') && text.substring(0, at).chars().allMatch(Character::isDigit);
  }
}
