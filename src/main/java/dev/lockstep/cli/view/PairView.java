package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;

/** Text output for a pair: both sides and the base, gaps, notes and history. */
public final class PairView {
  private final Output output;
  private final int columns;

  /**
   * @param columns of the terminal; 0: unknown, no truncation or wrapping
   */
  public PairView(Output output, int columns) {
    this.output = output;
    this.columns = columns;
  }

  public void print(JsonNode answer) {
    JsonNode pair = answer.path("pair");
    JsonNode left = pair.path("left");
    JsonNode right = pair.path("right");
    String title = Output.text(left, "key") + " ⇄ " + Output.text(right, "key");
    output.line(output.styled("bold", title) + "  " + state(pair));
    output.entry("id", Output.text(pair, "id"));
    output.entry("mapping", Output.text(pair, "mapping"));
    output.entry("changed", Output.time(pair, "changedAt") + " UTC");
    output.entry("left", side(left));
    output.entry("right", side(right));
    fields(answer.path("fields"), left, right);
    gaps(answer.path("fields"));
    notes(answer.path("notes"));
    history(answer.path("history"));
  }

  private static String state(JsonNode pair) {
    return Output.text(pair, "state") + (pair.path("paused").asBoolean() ? ", paused" : "");
  }

  private static String side(JsonNode member) {
    return member.isMissingNode() || member.isNull()
        ? "not created yet"
        : Output.text(member, "ref") + "  " + member.path("url").asText();
  }

  private void fields(JsonNode fields, JsonNode left, JsonNode right) {
    if (fields.isEmpty()) {
      return;
    }
    output.line("");
    Table table =
        output.table(
            "FIELD",
            columnTitle(left, "LEFT"),
            "BASE LEFT",
            "BASE RIGHT",
            columnTitle(right, "RIGHT"),
            "");
    for (JsonNode field : fields) {
      table.add(
          Output.text(field, "name"),
          Output.text(field, "left"),
          Output.text(field, "baseLeft"),
          Output.text(field, "baseRight"),
          Output.text(field, "right"),
          mark(field));
    }
    table.fit(
        columns,
        "BASE LEFT",
        "BASE RIGHT",
        columnTitle(left, "LEFT"),
        columnTitle(right, "RIGHT"),
        "FIELD");
    output.print(table);
  }

  private static String columnTitle(JsonNode member, String side) {
    String system = member.path("system").asText("");
    return system.isEmpty() ? side : side + " (" + system + ")";
  }

  private static String mark(JsonNode field) {
    if (!field.path("gap").asText("").isEmpty() && !field.path("gap").isNull()) {
      return "gap";
    }
    return field.path("changing").asBoolean() ? "changing" : "";
  }

  private void gaps(JsonNode fields) {
    boolean any = false;
    for (JsonNode field : fields) {
      if (field.path("gap").isNull() || field.path("gap").asText("").isEmpty()) {
        continue;
      }
      if (!any) {
        output.heading("Gaps");
        any = true;
      }
      output.printWrapped(
          "  " + output.styled("fg_yellow", Output.text(field, "name")) + ": ",
          Output.text(field, "gap"),
          columns);
    }
  }

  private void notes(JsonNode notes) {
    if (notes.isEmpty()) {
      return;
    }
    output.heading("Notes");
    Table table = output.table("WRITTEN (UTC)", "ON", "BY", "STATE", "TEXT");
    for (JsonNode note : notes) {
      table.add(
          Output.time(note, "createdAt"),
          Output.text(note, "from"),
          Output.text(note, "author"),
          Output.text(note, "state"),
          Output.text(note, "text"));
    }
    table.fit(columns, "TEXT", "BY", "ON");
    output.print(table);
  }

  private void history(JsonNode history) {
    if (history.isEmpty()) {
      return;
    }
    output.heading("History (UTC)");
    for (JsonNode event : history) {
      output.printWrapped(
          "  "
              + output.styled("faint", Output.time(event, "at"))
              + "  "
              + String.format("%-10s", Output.text(event, "what"))
              + "  ",
          Output.text(event, "text").strip().replaceAll("\\s*\\R\\s*", " ⏎ "),
          columns);
    }
  }
}
