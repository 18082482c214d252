package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Text output for a parsed postmortem: one line per item, followed by its problems. */
public final class PostmortemView {
  private final Output output;
  private final int columns;

  public PostmortemView(Output output, int columns) {
    this.output = output;
    this.columns = columns;
  }

  public void show(JsonNode postmortem) {
    output.heading(Output.text(postmortem, "file"));
    output.entry(
        "incident",
        postmortem.path("incident").isNull() ? "–" : Output.text(postmortem, "incident"));
    JsonNode items = postmortem.path("items");
    if (!items.isEmpty()) {
      table(items);
    }
    for (JsonNode problem : postmortem.path("problems")) {
      output.line(
          output.styled("fg_yellow", "line " + problem.path("line").asInt() + ": ")
              + Output.text(problem, "text"));
    }
    output.line(summary(postmortem));
  }

  private void table(JsonNode items) {
    Table table = output.table("LINE", "TITLE", "OWNER", "DUE", "TICKET", "STATUS");
    for (JsonNode item : items) {
      table.add(
          item.path("line").asText(),
          Output.text(item, "title"),
          Output.text(item, "owner"),
          Output.text(item, "due"),
          Output.text(item, "ticket"),
          Output.text(item, "status"));
    }
    table.fit("TITLE", columns);
    StringWriter rows = new StringWriter();
    table.print(new PrintWriter(rows));
    List<String> lines = rows.toString().lines().toList();
    output.line(lines.get(0));
    for (int i = 0; i < items.size(); i++) {
      output.line(lines.get(i + 1));
      for (JsonNode problem : items.get(i).path("problems")) {
        output.line("      " + output.styled("fg_yellow", "! ") + Output.plain(problem.asText()));
      }
    }
  }

  public static int countProblems(JsonNode postmortem) {
    int problems = postmortem.path("problems").size();
    for (JsonNode item : postmortem.path("items")) {
      problems += item.path("problems").size();
    }
    return problems;
  }

  private static String summary(JsonNode postmortem) {
    int open = 0;
    int problems = countProblems(postmortem);
    for (JsonNode item : postmortem.path("items")) {
      open += item.path("done").asBoolean() ? 0 : 1;
    }
    int items = postmortem.path("items").size();
    return (items == 0
            ? "No action items; "
            : counted(items, "action item") + ", " + (items - open) + " done; ")
        + (problems == 0 ? "no problems." : counted(problems, "problem") + ".");
  }

  private static String counted(int count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
