package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A plan of changes, per record and field, like a diff; then a summary per system. */
public final class PlanView {
  private static final Map<String, String> SIGNS =
      Map.of("CREATE", "+", "UPDATE", "~", "NOTES", "~");
  private static final Map<String, String> STYLES =
      Map.of("CREATE", "fg_green", "UPDATE", "fg_yellow", "NOTES", "fg_cyan");
  private static final int WIDEST_FIELD = 16;

  private final Output output;
  private final int columns;

  /**
   * @param columns of the terminal; 0: unknown, no wrapping
   */
  public PlanView(Output output, int columns) {
    this.output = output;
    this.columns = columns;
  }

  /** Prints a plan as {@code dev.lockstep.dryrun.ChangePlan} defines it. */
  public void print(JsonNode plan) {
    for (JsonNode system : plan.path("systems")) {
      printSystem(plan, system);
    }
    printDuplicates(plan.path("duplicates"));
    printGaps(plan.path("gaps"));
    printProblems(plan.path("problems"));
    printSummary(plan);
  }

  private void printSystem(JsonNode plan, JsonNode system) {
    List<JsonNode> records = new ArrayList<>();
    for (JsonNode record : plan.path("records")) {
      if (record.path("system").equals(system.path("system"))) {
        records.add(record);
      }
    }
    if (!records.isEmpty()) {
      output.heading(Output.text(system, "title"));
      records.forEach(this::printRecord);
    }
  }

  private void printRecord(JsonNode record) {
    String operation = Output.text(record, "operation");
    String because = join(record.path("because"));
    output.printWrapped(
        output.styled(
                STYLES.getOrDefault(operation, "bold"), SIGNS.getOrDefault(operation, "~") + " ")
            + output.styled("bold", Output.text(record, "key"))
            + "  ",
        oneLine(record.path("title").asText())
            + (because.isEmpty() ? "" : "  (with " + because + ")"),
        columns);
    for (JsonNode field : record.path("fields")) {
      printField(field, operation);
    }
    for (JsonNode note : record.path("notes")) {
      printLine(
          note.path("visibility").asText().equals("PUBLIC") ? "public note" : "note",
          oneLine(note.path("text").asText()));
    }
    for (JsonNode link : record.path("links")) {
      printLine("link", Output.plain(link.asText()));
    }
  }

  private void printField(JsonNode field, String operation) {
    String before = oneLine(field.path("before").asText());
    String after = oneLine(field.path("after").asText());
    String change =
        operation.equals("CREATE")
            ? output.styled("fg_green", shown(after))
            : output.styled("fg_red", shown(before))
                + " → "
                + output.styled("fg_green", shown(after));
    printLine(
        Output.text(field, "field"),
        change
            + "  "
            + output.styled(
                "faint",
                "[%s: %s is %s]"
                    .formatted(
                        Output.text(field, "mapping"),
                        Output.text(field, "from"),
                        shown(oneLine(field.path("source").asText())))));
  }

  private void printLine(String name, String text) {
    output.printWrapped(
        "    " + name + " ".repeat(Math.max(0, WIDEST_FIELD - TreeNode.length(name))) + "  ",
        text,
        columns);
  }

  private static String shown(String value) {
    return value.isEmpty() ? "(empty)" : value;
  }

  private static String oneLine(String text) {
    return Output.plain(text).strip().replaceAll("\\s*\\R\\s*", " ⏎ ");
  }

  private static String join(JsonNode texts) {
    List<String> all = new ArrayList<>();
    texts.forEach(text -> all.add(Output.plain(text.asText())));
    return String.join(", ", all);
  }

  private void printDuplicates(JsonNode duplicates) {
    if (!duplicates.isEmpty()) {
      output.heading("Duplicates");
    }
    for (JsonNode one : duplicates) {
      output.line(
          "  %s is a duplicate of %s (%s)"
              .formatted(
                  Output.text(one, "duplicate"),
                  Output.text(one, "primary"),
                  one.path("state").asText().equals("PROPOSED")
                      ? "would be proposed to an operator"
                      : "would be linked"));
    }
  }

  private void printGaps(JsonNode gaps) {
    if (!gaps.isEmpty()) {
      output.heading("Not synced");
    }
    for (JsonNode gap : gaps) {
      output.printWrapped(
          output.styled("fg_yellow", "! ")
              + "%s ⇄ %s  %s  "
                  .formatted(
                      Output.text(gap, "left"),
                      Output.text(gap, "right"),
                      Output.text(gap, "field")),
          oneLine(gap.path("reason").asText()),
          columns);
    }
  }

  private void printProblems(JsonNode problems) {
    if (!problems.isEmpty()) {
      output.heading("Could not be planned");
    }
    for (JsonNode problem : problems) {
      output.printWrapped(
          output.styled("fg_red", "✗ ") + Output.text(problem, "subject") + "  ",
          oneLine(problem.path("problem").asText()),
          columns);
    }
  }

  private void printSummary(JsonNode plan) {
    output.line("");
    Table table =
        output.table("SYSTEM", "CREATE", "UPDATE", "NOTES", "LINKS", "READS", "WRITES", "TIME");
    int writes = 0;
    for (JsonNode system : plan.path("systems")) {
      writes += system.path("writes").asInt();
      if (system.path("reads").asInt() + system.path("writes").asInt() > 0) {
        table.add(
            Output.text(system, "title"),
            Output.text(system, "creates"),
            Output.text(system, "updates"),
            Output.text(system, "notes"),
            Output.text(system, "links"),
            Output.text(system, "reads"),
            Output.text(system, "writes"),
            time(system));
      }
    }
    output.print(table);
    output.line("");
    output.line(
        "%d compared, %d to write to with %d calls, %d gaps, %d problems. Nothing was written to any system."
            .formatted(
                plan.path("compared").asLong(),
                plan.path("records").size(),
                writes,
                plan.path("gaps").size(),
                plan.path("problems").size()));
  }

  private static String time(JsonNode system) {
    double minutes = system.path("minutes").asDouble();
    return "%s at %d a minute"
        .formatted(
            minutes < 1 ? "under 1 min" : Math.round(Math.ceil(minutes)) + " min",
            system.path("callsPerMinute").asLong());
  }
}
