package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;

/** Pauses as text. */
public final class PauseView {
  private PauseView() {}

  /** One line without a full stop. */
  public static String describe(JsonNode pause) {
    String until = pause.path("until").isNull() ? "" : " until " + Output.time(pause, "until");
    String reason = Output.text(pause, "reason");
    return "%s is paused%s%s"
        .formatted(
            title(pause.path("scope").asText()), until, reason.isEmpty() ? "" : ": " + reason);
  }

  /** What ending a pause did. */
  public static String resumed(JsonNode answer) {
    long scheduled = answer.path("scheduled").asLong();
    return "%s is resumed; %d %s waited."
        .formatted(
            title(answer.path("resumed").asText()),
            scheduled,
            scheduled == 1 ? "entry" : "entries");
  }

  private static String title(String scope) {
    return scope.equals("all") ? "Everything" : scope.replaceFirst(":", " ");
  }

  /** A table, or that nothing is paused. */
  public static void print(JsonNode pauses, Output output, int columns) {
    if (pauses.isEmpty()) {
      output.line("Nothing is paused.");
      return;
    }
    Table table = output.table("PAUSED", "SINCE", "UNTIL", "BY", "WAITING", "REASON");
    for (JsonNode pause : pauses) {
      table.add(
          pause.path("scope").asText(),
          Output.time(pause, "since"),
          pause.path("until").isNull() ? "" : Output.time(pause, "until"),
          pause.path("freeze").asBoolean() ? "freeze window" : Output.text(pause, "by"),
          pause.path("waiting").asText(),
          Output.text(pause, "reason"));
    }
    table.fit(columns, "REASON", "BY");
    output.print(table);
  }
}
