package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Text output for problems of recurring incidents. */
public final class ProblemView {
  private final Output output;

  public ProblemView(Output output) {
    this.output = output;
  }

  public void list(JsonNode problems, int columns) {
    if (problems.isEmpty()) {
      output.line("No problems.");
      return;
    }
    Table table =
        output.table("ID", "STATE", "SERVICE", "INCIDENTS", "OPEN ITEMS", "RECORD", "TITLE");
    for (JsonNode problem : problems) {
      table.add(
          Output.text(problem, "id"),
          Output.text(problem, "state"),
          Output.text(problem, "service"),
          Integer.toString(problem.path("incidents").size()),
          Integer.toString(problem.path("openActionItems").size()),
          record(problem),
          Output.text(problem, "title"));
    }
    table.fit("TITLE", columns);
    output.print(table);
    output.line("");
    output.line("`./lockstep problems show ID` shows the incidents; then accept ID or reject ID.");
  }

  private static String record(JsonNode problem) {
    String key = Output.text(problem, "recordKey");
    return key.isEmpty() ? Output.text(problem, "record") : key;
  }

  public void show(JsonNode answer) {
    JsonNode problem = answer.path("problem");
    output.line(output.styled("bold", Output.text(problem, "title")));
    output.entry("id", Output.text(problem, "id"));
    output.entry("state", Output.text(problem, "state"));
    output.entry("service", Output.text(problem, "service"));
    output.entry("record", record(problem));
    output.entry("status", Output.text(problem, "recordState"));
    output.entry("decided", Output.text(problem, "decidedBy"));
    output.heading("Incidents");
    Table table = output.table("INCIDENT", "SCORE", "LINK", "TITLE", "NOTE").withoutTruncation();
    for (JsonNode member : problem.path("incidents")) {
      table.add(
          Output.text(member, "key"),
          member.path("score").isNull()
              ? ""
              : String.format(Locale.ROOT, "%.2f", member.path("score").asDouble()),
          Output.text(member, "link"),
          Output.text(member, "title"),
          Output.text(member, "note"));
    }
    output.print(table);
    if (!problem.path("openActionItems").isEmpty()) {
      output.heading("Open action items");
      problem.path("openActionItems").forEach(title -> output.line("  " + title.asText()));
    }
    output.heading("History");
    answer
        .path("history")
        .forEach(
            event ->
                output.line("  " + Output.time(event, "at") + "  " + Output.text(event, "text")));
  }
}
