package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Text output for updates of incidents. */
public final class CommunicationView {
  private final Output output;

  public CommunicationView(Output output) {
    this.output = output;
  }

  public void list(JsonNode updates, int columns) {
    if (updates.isEmpty()) {
      output.line("No update is due.");
      return;
    }
    Table table =
        output.table("DUE (UTC)", "STATE", "AUDIENCE", "INCIDENT", "LEVEL", "TITLE", "LAST SENT");
    table.paint("STATE", this::colourState);
    for (JsonNode due : updates) {
      table.add(
          Output.time(due, "dueAt"),
          state(due),
          Output.text(due, "audience"),
          Output.text(due.path("incident"), "key"),
          Output.text(due.path("incident"), "level"),
          Output.text(due.path("incident"), "title"),
          Output.time(due, "lastSentAt"));
    }
    table.fit("TITLE", columns);
    output.print(table);
  }

  /** What vendors have to report; nothing if no vendor has to. */
  public void vendors(JsonNode vendors, int columns) {
    if (vendors.isEmpty()) {
      return;
    }
    output.heading("Vendors");
    Table table =
        output.table(
            "DUE (UTC)", "STATE", "VENDOR", "TICKET", "INCIDENT", "LEVEL", "TITLE", "REPORTED");
    table.paint("STATE", this::colourState);
    for (JsonNode due : vendors) {
      table.add(
          Output.time(due, "dueAt"),
          state(due),
          Output.text(due, "vendor"),
          Output.text(due, "ticket"),
          Output.text(due.path("incident"), "key"),
          Output.text(due.path("incident"), "level"),
          Output.text(due.path("incident"), "title"),
          Output.time(due, "lastAt"));
    }
    table.fit("TITLE", columns);
    output.print(table);
  }

  public void show(JsonNode answer) {
    JsonNode incident = answer.path("incident");
    output.line(
        output.styled("bold", Output.text(incident, "key"))
            + "  "
            + Output.text(incident, "title").replaceAll("\\s*\\R\\s*", " "));
    output.entry("level", Output.text(incident, "level"));
    output.entry("state", Output.text(incident, "stage"));
    output.entry("manager", Output.text(incident, "manager"));
    for (JsonNode due : answer.path("due")) {
      String reason = due.path("reason").asText("");
      output.entry(
          "due",
          "%s UTC for %s, %s%s%s"
              .formatted(
                  Output.time(due, "dueAt"),
                  Output.text(due, "audience"),
                  colourState(state(due)),
                  due.path("isLast").asBoolean() ? ", the last one" : "",
                  reason.isEmpty() ? "" : ": " + Output.plain(reason)));
    }
    for (JsonNode due : answer.path("vendors")) {
      output.entry(
          "vendor",
          "%s is to report on %s by %s UTC, %s"
              .formatted(
                  Output.text(due, "vendorTitle"),
                  Output.text(due, "ticket"),
                  Output.time(due, "dueAt"),
                  colourState(state(due))));
    }
    for (JsonNode update : answer.path("updates")) {
      update(update);
    }
  }

  /** The result of sending. */
  public void sent(JsonNode answer) {
    if (answer.path("repeated").asBoolean()) {
      output.line("It was sent before; nothing was sent now.");
    }
    update(answer.path("update"));
  }

  private void update(JsonNode update) {
    output.heading(
        "Update %s for %s, %s UTC by %s%s"
            .formatted(
                Output.text(update, "number"),
                Output.text(update, "audience"),
                Output.time(update, "sentAt"),
                Output.text(update, "sentBy"),
                update.path("late").asBoolean() ? " (late)" : ""));
    for (JsonNode target : update.path("targets")) {
      output.line("  " + target(target));
    }
    Output.text(update, "text").lines().forEach(line -> output.line("    " + line));
  }

  private String target(JsonNode target) {
    String gap = target.path("gap").asText("");
    String state = Output.text(target, "state").toLowerCase(java.util.Locale.ROOT);
    return Output.text(target, "target")
        + ": "
        + (gap.isEmpty()
            ? colourState(state.replace('_', ' '))
            : output.styled("fg_red", "NOT SENT: ") + Output.plain(gap));
  }

  /** What is known of a draft besides its text, one line each. */
  public static List<String> head(JsonNode draft) {
    List<String> lines = new ArrayList<>();
    lines.add("Subject: " + Output.text(draft, "subject"));
    for (JsonNode target : draft.path("targets")) {
      String gap = target.path("gap").asText("");
      lines.add(
          "To: %s%s"
              .formatted(
                  Output.text(target, "target"),
                  gap.isEmpty() ? "" : ": NOT SENT: " + Output.plain(gap)));
    }
    if (!draft.path("dueAt").isNull()) {
      lines.add("Due: %s UTC".formatted(Output.time(draft, "dueAt")));
    }
    lines.add("");
    return lines;
  }

  private static String state(JsonNode due) {
    return Output.text(due, "state");
  }

  private String colourState(String state) {
    return switch (state) {
      case "OVERDUE", "dead letter" -> output.styled("fg_red", state);
      case "SNOOZED", "waiting" -> output.styled("fg_yellow", state);
      case "sent" -> output.styled("fg_green", state);
      default -> state;
    };
  }
}
