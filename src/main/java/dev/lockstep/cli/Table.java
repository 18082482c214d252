package dev.lockstep.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** Columns as wide as their widest cell, up to a limit; headings are bold on a terminal. */
final class Table {
  private static final int WIDEST = 44;

  private final Ansi ansi;
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  Table(boolean colours, String... headings) {
    this.ansi = colours ? Ansi.ON : Ansi.OFF;
    this.headings = List.of(headings);
  }

  void add(String... cells) {
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(shorten(cell));
    }
    rows.add(row);
  }

  void print(PrintWriter out) {
    out.println(ansi.string("@|bold " + line(headings) + "|@"));
    rows.forEach(row -> out.println(line(row)));
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      line.append(cell).append(" ".repeat(width(column) - length(cell) + 2));
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

  private static String shorten(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", " ⏎ ");
    return length(line) <= WIDEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }
}
