package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** One pair for people: both sides beside the base, gaps, notes, and what happened when. */
final class PairView {
  private final Output page;
  private final int columns;

  /**
   * @param columns of the terminal; 0 when not known, and nothing is cut or broken
   */
  PairView(Output page, int columns) {
    this.page = page;
    this.columns = columns;
  }

  void print(JsonNode answer) {
    JsonNode pair = answer.path("pair");
    JsonNode left = pair.path("left");
    JsonNode right = pair.path("right");
    String title = Output.text(left, "key") + " ⇄ " + Output.text(right, "key");
    page.line(page.styled("bold", title) + "  " + Output.text(pair, "state"));
    page.entry("id", Output.text(pair, "id"));
    page.entry("mapping", Output.text(pair, "mapping"));
    page.entry("changed", Output.time(pair, "changedAt") + " UTC");
    page.entry("left", side(left));
    page.entry("right", side(right));
    fields(answer.path("fields"), left, right);
    gaps(answer.path("fields"));
    notes(answer.path("notes"));
    history(answer.path("history"));
  }

  private static String side(JsonNode member) {
    return member.isMissingNode() || member.isNull()
        ? "yet to be created"
        : Output.text(member, "ref") + "  " + member.path("url").asText();
  }

  private void fields(JsonNode fields, JsonNode left, JsonNode right) {
    if (fields.isEmpty()) {
      return;
    }
    page.line("");
    Table table =
        page.table(
            "FIELD",
            columnTitle(left, "LEFT"),
            "AGREED LEFT",
            "AGREED RIGHT",
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
        "AGREED LEFT",
        "AGREED RIGHT",
        columnTitle(left, "LEFT"),
        columnTitle(right, "RIGHT"),
        "FIELD");
    page.print(table);
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
        page.heading("Gaps");
        any = true;
      }
      page.printWrapped(
          "  " + page.styled("fg_yellow", Output.text(field, "name")) + ": ",
          Output.text(field, "gap"),
          columns);
    }
  }

  private void notes(JsonNode notes) {
    if (notes.isEmpty()) {
      return;
    }
    page.heading("Notes");
    Table table = page.table("WRITTEN (UTC)", "ON", "BY", "STATE", "TEXT");
    for (JsonNode note : notes) {
      table.add(
          Output.time(note, "createdAt"),
          Output.text(note, "from"),
          Output.text(note, "author"),
          Output.text(note, "state"),
          Output.text(note, "text"));
    }
    table.fit(columns, "TEXT", "BY", "ON");
    page.print(table);
  }

  private void history(JsonNode history) {
    if (history.isEmpty()) {
      return;
    }
    page.heading("What happened (UTC)");
    for (JsonNode event : history) {
      page.printWrapped(
          "  "
              + page.styled("faint", Output.time(event, "at"))
              + "  "
              + String.format("%-10s", Output.text(event, "what"))
              + "  ",
          Output.text(event, "text").strip().replaceAll("\\s*\\R\\s*", " ⏎ "),
          columns);
    }
  }
}
