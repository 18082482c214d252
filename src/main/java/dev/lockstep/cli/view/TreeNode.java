package dev.lockstep.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A line of a tree, with its child nodes. */
record TreeNode(String line, List<TreeNode> children) {
  private static final Pattern STYLES = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final int MIN_WIDTH = 20;

  TreeNode(String line) {
    this(line, new ArrayList<>());
  }

  /**
   * Prints a tree; long lines are wrapped.
   *
   * @param columns of the terminal; 0: unknown, no wrapping
   */
  static void draw(List<TreeNode> branches, Output output, int columns) {
    draw(branches, "", output, columns);
  }

  private static void draw(List<TreeNode> branches, String indent, Output output, int columns) {
    for (int i = 0; i < branches.size(); i++) {
      TreeNode branch = branches.get(i);
      boolean last = i == branches.size() - 1;
      String below = indent + (last ? "   " : "│  ");
      String before = indent + (last ? "└─ " : "├─ ");
      String going = below + (branch.children().isEmpty() ? "   " : "│  ");
      for (String line : wrap(branch.line(), columns - going.length())) {
        output.line(output.styled("faint", before) + line);
        before = going;
      }
      draw(branch.children(), below, output, columns);
    }
  }

  /** Wraps at spaces only; a longer word is not broken. */
  static List<String> wrap(String text, int width) {
    if (width < MIN_WIDTH) {
      return List.of(text);
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (length(line) > 0 && length(line) + 1 + length(word) > width) {
        lines.add(line.toString().stripTrailing());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  static int length(CharSequence text) {
    String plain = STYLES.matcher(text).replaceAll("");
    return plain.codePointCount(0, plain.length());
  }
}
