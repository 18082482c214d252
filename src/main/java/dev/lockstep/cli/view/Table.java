package dev.lockstep.cli.view;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/** A text table. Columns are as wide as their widest cell, up to a limit. */
public final class Table {
  private static final int MAX_WIDTH = 44;
  private static final int MIN_WIDTH = 16;
  private static final int MIN_CELL = 6;

  private final Ansi ansi;
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();
  private int widest = MAX_WIDTH;
  private int painted = -1;
  private UnaryOperator<String> paint = UnaryOperator.identity();

  Table(boolean colours, String... headings) {
    this.ansi = colours ? Ansi.ON : Ansi.OFF;
    this.headings = new ArrayList<>(List.of(headings));
  }

  public void add(String... cells) {
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(truncate(cell, widest));
    }
    rows.add(row);
  }

  /** Disables the limit on cell width. */
  Table withoutTruncation() {
    widest = Integer.MAX_VALUE;
    return this;
  }

  /** Sets a function that colours the cells of a column. */
  void paint(String heading, UnaryOperator<String> colour) {
    painted = headings.indexOf(heading);
    paint = colour;
  }

  /**
   * Truncates the cells of one column so that lines fit.
   *
   * @param columns of the terminal; 0: unknown, no truncation
   */
  public void fit(String heading, int columns) {
    int cut = headings.indexOf(heading);
    int others = 0;
    for (int column = 0; column < headings.size(); column++) {
      others += column == cut ? 0 : width(column) + 2;
    }
    int room = Math.max(MIN_WIDTH, columns - others);
    if (columns > 0) {
      rows.forEach(row -> row.set(cut, truncate(row.get(cut), room)));
    }
  }

  /**
   * Truncates cells of several columns, the widest first, until lines fit.
   *
   * @param columns of the terminal; 0: unknown, no truncation
   */
  public void fit(int columns, String... headings) {
    List<Integer> candidates = Stream.of(headings).map(this.headings::indexOf).toList();
    while (columns > 0 && width() > columns) {
      int widest = candidates.stream().max(Comparator.comparingInt(this::cells)).orElseThrow();
      int room = cells(widest) - 1;
      if (room < MIN_CELL) {
        return;
      }
      rows.forEach(row -> row.set(widest, truncate(row.get(widest), room)));
    }
  }

  /** Removes a column. */
  public void drop(String heading) {
    int gone = headings.indexOf(heading);
    headings.remove(gone);
    rows.forEach(row -> row.remove(gone));
    painted = painted == gone ? -1 : painted > gone ? painted - 1 : painted;
  }

  /** The width of a line. */
  public int width() {
    int width = -2;
    for (int column = 0; column < headings.size(); column++) {
      width += width(column) + 2;
    }
    return width;
  }

  private int cells(int column) {
    return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
  }

  void print(PrintWriter out) {
    out.println(ansi.string("@|bold " + line(headings, UnaryOperator.identity()) + "|@"));
    rows.forEach(row -> out.println(line(row, paint)));
  }

  private String line(List<String> cells, UnaryOperator<String> colour) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      line.append(column == painted ? colour.apply(cell) : cell)
          .append(" ".repeat(width(column) - length(cell) + 2));
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    int widest = length(headings.get(column));
    for (List<String> row : rows) {
      widest = Math.max(widest, length(row.get(column)));
    }
    return widest;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String truncate(String text, int widest) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", " ⏎ ");
    return length(line) <= widest
        ? line
        : line.substring(0, line.offsetByCodePoints(0, widest - 1)).stripTrailing() + "…";
  }
}
