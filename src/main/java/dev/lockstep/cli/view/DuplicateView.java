package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** Text output for duplicates: the list, and one duplicate with the reasons for its score. */
public final class DuplicateView {
  private final Output output;

  public DuplicateView(Output output) {
    this.output = output;
  }

  /**
   * @param chosen whether states were specified
   */
  public void list(JsonNode duplicates, boolean chosen, int limit, int columns) {
    if (duplicates.isEmpty()) {
      output.line(
          chosen
              ? "No duplicates in these states."
              : "No proposed or active duplicates; --all also shows past ones.");
      return;
    }
    Table table =
        output.table("ID", "STATE", "SCORE", "DUPLICATE", "PRIMARY", "TITLE", "SINCE (UTC)");
    table.paint("STATE", this::colourState);
    for (JsonNode duplicate : duplicates) {
      table.add(
          Output.text(duplicate, "id"),
          Output.text(duplicate, "state"),
          score(duplicate),
          Output.text(duplicate.path("duplicate"), "key"),
          Output.text(duplicate.path("primary"), "key"),
          Output.text(duplicate.path("duplicate"), "title"),
          Output.time(duplicate, "changedAt"));
    }
    table.fit("TITLE", columns);
    output.print(table);
    output.line("");
    long stuck =
        StreamSupport.stream(duplicates.spliterator(), false)
            .filter(duplicate -> !orEmpty(duplicate, "problem").isEmpty())
            .count();
    if (stuck > 0) {
      output.line(
          output.styled("fg_red", stuck + " cannot proceed") + "; show displays the problem.");
    }
    if (duplicates.size() == limit) {
      output.line("Only the latest " + limit + " are shown; --limit shows more.");
    }
    output.line(
        "`./lockstep duplicates show ID` shows the reasons; then accept ID, reject ID or split"
            + " ID.");
  }

  public void show(JsonNode answer) {
    JsonNode duplicate = answer.path("duplicate");
    output.line(
        output.styled("bold", title(duplicate))
            + "  "
            + colourState(Output.text(duplicate, "state")));
    output.entry("id", Output.text(duplicate, "id"));
    output.entry("since", Output.time(duplicate, "changedAt") + " UTC");
    output.entry("decided", orEmpty(duplicate, "decidedBy"));
    String problem = orEmpty(duplicate, "problem");
    output.entry("problem", problem.isEmpty() ? "" : output.styled("fg_red", problem));
    member("Duplicate", duplicate.path("duplicate"));
    member("Primary", duplicate.path("primary"));
    reasons(duplicate, answer.path("reasons"));
    history(answer.path("history"));
    advice(duplicate);
  }

  public void showDecision(JsonNode answer) {
    output.line(title(answer.path("duplicate")) + ": " + Output.text(answer, "text"));
  }

  private static String title(JsonNode duplicate) {
    return Output.text(duplicate.path("duplicate"), "key")
        + " → "
        + Output.text(duplicate.path("primary"), "key");
  }

  private void member(String role, JsonNode member) {
    output.heading(role + " " + Output.text(member, "key"));
    output.entry("title", Output.text(member, "title").replaceAll("\\s*\\R\\s*", " ⏎ "));
    output.entry("opened", Output.time(member, "openedAt") + " UTC");
    output.entry("record", Output.text(member, "ref") + "  " + orEmpty(member, "url"));
  }

  private void reasons(JsonNode duplicate, JsonNode reasons) {
    output.heading("Score " + score(duplicate));
    if (duplicate.path("score").isNull()) {
      output.line("  Linked by a user; no score was computed.");
    }
    if (reasons.isEmpty()) {
      return;
    }
    Table table = output.table("POINTS", "SIGNAL", "BECAUSE").withoutTruncation();
    table.paint(
        "POINTS", points -> output.styled(points.startsWith("-") ? "fg_red" : "fg_green", points));
    for (JsonNode reason : reasons) {
      table.add(
          String.format(Locale.ROOT, "%+.2f", reason.path("points").asDouble()),
          Output.text(reason, "signal").toLowerCase(Locale.ROOT),
          Output.text(reason, "text"));
    }
    output.print(table);
  }

  private void history(JsonNode history) {
    if (history.isEmpty()) {
      return;
    }
    output.heading("History (UTC)");
    for (JsonNode event : history) {
      String by = orEmpty(event, "by");
      output.line(
          "  "
              + output.styled("faint", Output.time(event, "at"))
              + "  "
              + String.format("%-12s", Output.text(event, "what"))
              + "  "
              + Output.text(event, "text").strip().replaceAll("\\s*\\R\\s*", " ⏎ ")
              + (by.isEmpty() ? "" : output.styled("faint", "  by " + by)));
    }
  }

  private void advice(JsonNode duplicate) {
    String id = Output.text(duplicate, "id");
    String advice =
        switch (Output.text(duplicate, "state")) {
          case "PROPOSED" ->
              "`./lockstep duplicates accept %s` if they are the same, `reject %s` if not."
                  .formatted(id, id);
          case "LINKING", "LINKED" -> "`./lockstep duplicates split %s` undoes it.".formatted(id);
          default -> "";
        };
    if (!advice.isEmpty()) {
      output.line("");
      output.line(advice);
    }
  }

  private String colourState(String state) {
    return switch (state) {
      case "PROPOSED" -> output.styled("fg_yellow", state);
      case "LINKED" -> output.styled("fg_green", state);
      case "LINKING", "UNLINKING" -> output.styled("fg_cyan", state);
      default -> output.styled("faint", state);
    };
  }

  private static String score(JsonNode duplicate) {
    return duplicate.path("score").isNumber()
        ? String.format(Locale.ROOT, "%.2f", duplicate.path("score").asDouble())
        : "–";
  }

  /** Returns an empty text instead of a dash, so that an entry without a value is omitted. */
  private static String orEmpty(JsonNode node, String field) {
    return node.path(field).asText("").isEmpty() || node.path(field).isNull()
        ? ""
        : Output.text(node, field);
  }
}
