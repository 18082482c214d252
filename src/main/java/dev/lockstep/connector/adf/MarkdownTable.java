package dev.lockstep.connector.adf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Writes a table; its first row becomes the head, and of a cell's blocks the words are kept. */
final class MarkdownTable {
  private MarkdownTable() {}

  static String of(JsonNode table) {
    List<List<String>> rows = new ArrayList<>();
    int columns = 0;
    for (JsonNode row : table.path("content")) {
      List<String> cells = new ArrayList<>();
      row.path("content").forEach(cell -> cells.add(cell(cell)));
      columns = Math.max(columns, cells.size());
      rows.add(cells);
    }
    if (columns == 0) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      line(rows.get(i), columns, text);
      if (i == 0) {
        text.append("|").append(" --- |".repeat(columns)).append('\n');
      }
    }
    return text.toString().stripTrailing();
  }

  private static void line(List<String> cells, int columns, StringBuilder text) {
    text.append("|");
    for (int i = 0; i < columns; i++) {
      String cell = i < cells.size() ? cells.get(i) : "";
      text.append(' ').append(cell).append(cell.isEmpty() ? "|" : " |");
    }
    text.append('\n');
  }

  private static String cell(JsonNode cell) {
    List<Run> runs = new ArrayList<>();
    words(cell, runs);
    List<Run> oneLine = Run.joined(runs);
    return oneLine.isEmpty() ? "" : MarkdownText.CELL.write(oneLine);
  }

  private static void words(JsonNode block, List<Run> into) {
    for (JsonNode child : block.path("content")) {
      boolean holdsBlocks = child.path("content").path(0).path("content").isArray();
      if (holdsBlocks) {
        words(child, into);
        continue;
      }
      List<Run> runs =
          DocumentReader.runs(child.has("content") ? child.path("content") : List.of(child));
      if (!runs.isEmpty() && !into.isEmpty()) {
        into.add(Run.plain(" "));
      }
      runs.forEach(run -> into.add(run.isBreak() ? Run.plain(" ") : run));
    }
  }
}
