package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What became of a postmortem that was handed in, for people. */
final class ImportResultView {
  private final Output page;
  private final int columns;

  ImportResultView(Output page, int columns) {
    this.page = page;
    this.columns = columns;
  }

  void show(String file, JsonNode receipt) {
    page.heading(file);
    page.entry(
        "incident",
        Output.text(receipt, "incident")
            + (receipt.path("waiting").asBoolean()
                ? page.styled("fg_yellow", " (does not answer now; it is joined to it later)")
                : ""));
    if (!receipt.path("items").isEmpty()) {
      items(receipt.path("items"));
    }
    for (JsonNode problem : receipt.path("problems")) {
      page.line(
          page.styled("fg_yellow", "line " + problem.path("line").asInt() + ": ")
              + Output.text(problem, "text"));
    }
    page.line(
        "%d added, %d changed, %d cancelled."
            .formatted(
                receipt.path("added").asInt(),
                receipt.path("updated").asInt(),
                receipt.path("cancelled").asInt()));
  }

  private void items(JsonNode items) {
    Table table = page.table("ITEM", "TITLE", "OWNER", "DUE", "STATE");
    table.paint("STATE", this::colourState);
    for (JsonNode item : items) {
      table.add(
          Output.text(item, "key"),
          Output.text(item, "title"),
          orDash(Output.text(item, "owner")),
          orDash(Output.text(item, "due")),
          Output.text(item, "stage"));
    }
    table.fit("TITLE", columns);
    page.print(table);
    for (JsonNode item : items) {
      for (JsonNode problem : item.path("problems")) {
        page.line(
            page.styled("fg_yellow", Output.text(item, "key") + ": ")
                + Output.plain(problem.asText()));
      }
    }
  }

  private String colourState(String state) {
    return state.startsWith("needs") || state.equals("reopened")
        ? page.styled("fg_yellow", state)
        : state;
  }

  private static String orDash(String text) {
    return text.isBlank() ? "–" : text;
  }
}
