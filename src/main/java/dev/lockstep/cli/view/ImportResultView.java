package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;

/** Text output for an imported postmortem. */
public final class ImportResultView {
  private final Output output;
  private final int columns;

  public ImportResultView(Output output, int columns) {
    this.output = output;
    this.columns = columns;
  }

  public void show(String file, JsonNode receipt) {
    output.heading(file);
    output.entry(
        "incident",
        Output.text(receipt, "incident")
            + (receipt.path("waiting").asBoolean()
                ? output.styled("fg_yellow", " (not reachable now; linked when it is)")
                : ""));
    if (!receipt.path("items").isEmpty()) {
      items(receipt.path("items"));
    }
    for (JsonNode problem : receipt.path("problems")) {
      output.line(
          output.styled("fg_yellow", "line " + problem.path("line").asInt() + ": ")
              + Output.text(problem, "text"));
    }
    output.line(
        "%d added, %d changed, %d cancelled."
            .formatted(
                receipt.path("added").asInt(),
                receipt.path("updated").asInt(),
                receipt.path("cancelled").asInt()));
  }

  private void items(JsonNode items) {
    Table table = output.table("ITEM", "TITLE", "OWNER", "DUE", "STATE");
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
    output.print(table);
    for (JsonNode item : items) {
      for (JsonNode problem : item.path("problems")) {
        output.line(
            output.styled("fg_yellow", Output.text(item, "key") + ": ")
                + Output.plain(problem.asText()));
      }
    }
  }

  private String colourState(String state) {
    return state.startsWith("needs") || state.equals("reopened")
        ? output.styled("fg_yellow", state)
        : state;
  }

  private static String orDash(String text) {
    return text.isBlank() ? "–" : text;
  }
}
