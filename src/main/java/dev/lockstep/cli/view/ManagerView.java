package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;

/** Text output for who leads incidents. */
public final class ManagerView {
  private final Output output;

  public ManagerView(Output output) {
    this.output = output;
  }

  public void list(JsonNode incidents, int columns) {
    if (incidents.isEmpty()) {
      output.line("No incident needs a manager.");
      return;
    }
    Table table =
        output.table("STATE", "INCIDENT", "LEVEL", "MANAGER", "PROPOSED", "ON CALL", "TITLE");
    table.paint("STATE", this::colourState);
    for (JsonNode led : incidents) {
      JsonNode incident = led.path("incident");
      table.add(
          Output.text(led, "state"),
          Output.text(incident, "key"),
          Output.text(incident, "level"),
          Output.text(led, "manager"),
          Output.text(led, "proposed"),
          Output.text(led, "onCall"),
          Output.text(incident, "title"));
    }
    table.fit("TITLE", columns);
    output.print(table);
    for (JsonNode led : incidents) {
      problem(led);
    }
  }

  private void problem(JsonNode led) {
    String problem = led.path("problem").asText("");
    if (!problem.isEmpty()) {
      output.line(
          "%s: %s".formatted(Output.text(led.path("incident"), "key"), Output.plain(problem)));
    }
  }

  public void show(JsonNode answer) {
    JsonNode led = answer.path("led");
    JsonNode incident = led.path("incident");
    output.line(
        output.styled("bold", Output.text(incident, "key"))
            + "  "
            + Output.text(incident, "title").replaceAll("\\s*\\R\\s*", " "));
    output.entry("level", Output.text(incident, "level"));
    output.entry("state", colourState(Output.text(led, "state")));
    output.entry("manager", manager(led));
    entry("problem", led.path("problem").asText(""));
    entry("proposed", led.path("proposed").asText(""));
    entry("why", led.path("why").asText(""));
    entry("on call", led.path("onCall").asText(""));
    for (JsonNode change : answer.path("changes")) {
      change(change);
    }
  }

  private static String manager(JsonNode led) {
    String by = led.path("assignedBy").asText("");
    String source = led.path("source").asText("");
    return switch (source) {
      case "record" -> Output.text(led, "manager") + ", by its record";
      case "lockstep" ->
          "%s, assigned%s at %s UTC"
              .formatted(
                  Output.text(led, "manager"),
                  by.isEmpty() ? "" : " by " + Output.plain(by),
                  Output.time(led, "assignedAt"));
      default -> "none";
    };
  }

  private void entry(String name, String value) {
    if (!value.isEmpty()) {
      output.entry(name, Output.plain(value));
    }
  }

  /** The result of a change. */
  public void changed(JsonNode answer) {
    if (answer.path("repeated").asBoolean()) {
      output.line("It was done before; nothing was changed now.");
    }
    change(answer.path("change"));
  }

  private void change(JsonNode change) {
    String by = change.path("by").asText("");
    output.heading(
        "%s UTC by %s: %s"
            .formatted(
                Output.time(change, "at"),
                by.isEmpty() ? "Lockstep" : Output.plain(by),
                what(change)));
    entry("reason", change.path("reason").asText(""));
    change
        .path("openPoints")
        .asText("")
        .lines()
        .forEach(line -> output.line("    " + Output.plain(line)));
  }

  private static String what(JsonNode change) {
    String from = Output.text(change, "from");
    String to = Output.text(change, "to");
    return switch (change.path("kind").asText()) {
      case "assigned" -> "assigned " + to;
      case "released" -> "released " + from;
      default -> "handed over from %s to %s".formatted(from, to);
    };
  }

  private String colourState(String state) {
    return switch (state) {
      case "OVERDUE" -> output.styled("fg_red", state);
      case "MISSING" -> output.styled("fg_yellow", state);
      default -> state;
    };
  }
}
