package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** Duplicates for people: what waits for them, and why two tickets are thought to be the same. */
final class DuplicateView {
  private final Output page;

  DuplicateView(Output page) {
    this.page = page;
  }

  /**
   * @param chosen whether states were asked for
   */
  void list(JsonNode duplicates, boolean chosen, int limit, ConnectionOptions target) {
    if (duplicates.isEmpty()) {
      page.line(
          chosen
              ? "No such duplicates."
              : "No duplicates are proposed or in force; --all shows those that are over.");
      return;
    }
    Table table =
        page.table("ID", "STATE", "SCORE", "DUPLICATE", "PRIMARY", "TITLE", "SINCE (UTC)");
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
    table.fit("TITLE", target.columns());
    page.print(table);
    page.line("");
    long stuck =
        StreamSupport.stream(duplicates.spliterator(), false)
            .filter(duplicate -> !orEmpty(duplicate, "problem").isEmpty())
            .count();
    if (stuck > 0) {
      page.line(page.styled("fg_red", stuck + " can't go on") + "; show says what is in the way.");
    }
    if (duplicates.size() == limit) {
      page.line("These are the latest " + limit + "; --limit shows more.");
    }
    page.line(
        "`./lockstep duplicates show ID` says why; then accept ID, reject ID, or split what is"
            + " joined.");
  }

  void show(JsonNode answer) {
    JsonNode duplicate = answer.path("duplicate");
    page.line(
        page.styled("bold", title(duplicate))
            + "  "
            + colourState(Output.text(duplicate, "state")));
    page.entry("id", Output.text(duplicate, "id"));
    page.entry("since", Output.time(duplicate, "changedAt") + " UTC");
    page.entry("decided", orEmpty(duplicate, "decidedBy"));
    String problem = orEmpty(duplicate, "problem");
    page.entry("problem", problem.isEmpty() ? "" : page.styled("fg_red", problem));
    member("Duplicate", duplicate.path("duplicate"));
    member("Primary", duplicate.path("primary"));
    reasons(duplicate, answer.path("reasons"));
    history(answer.path("history"));
    advice(duplicate);
  }

  void showDecision(JsonNode answer) {
    page.line(title(answer.path("duplicate")) + ": " + Output.text(answer, "text"));
  }

  private static String title(JsonNode duplicate) {
    return Output.text(duplicate.path("duplicate"), "key")
        + " → "
        + Output.text(duplicate.path("primary"), "key");
  }

  private void member(String role, JsonNode member) {
    page.heading(role + " " + Output.text(member, "key"));
    page.entry("title", Output.text(member, "title").replaceAll("\\s*\\R\\s*", " ⏎ "));
    page.entry("opened", Output.time(member, "openedAt") + " UTC");
    page.entry("record", Output.text(member, "ref") + "  " + orEmpty(member, "url"));
  }

  private void reasons(JsonNode duplicate, JsonNode reasons) {
    page.heading("Score " + score(duplicate));
    if (duplicate.path("score").isNull()) {
      page.line("  People said so; nothing was compared.");
    }
    if (reasons.isEmpty()) {
      return;
    }
    Table table = page.table("POINTS", "SIGNAL", "BECAUSE").withoutTruncation();
    table.paint(
        "POINTS", points -> page.styled(points.startsWith("-") ? "fg_red" : "fg_green", points));
    for (JsonNode reason : reasons) {
      table.add(
          String.format(Locale.ROOT, "%+.2f", reason.path("points").asDouble()),
          Output.text(reason, "signal").toLowerCase(Locale.ROOT),
          Output.text(reason, "text"));
    }
    page.print(table);
  }

  private void history(JsonNode history) {
    if (history.isEmpty()) {
      return;
    }
    page.heading("What happened (UTC)");
    for (JsonNode event : history) {
      String by = orEmpty(event, "by");
      page.line(
          "  "
              + page.styled("faint", Output.time(event, "at"))
              + "  "
              + String.format("%-12s", Output.text(event, "what"))
              + "  "
              + Output.text(event, "text").strip().replaceAll("\\s*\\R\\s*", " ⏎ ")
              + (by.isEmpty() ? "" : page.styled("faint", "  by " + by)));
    }
  }

  private void advice(JsonNode duplicate) {
    String id = Output.text(duplicate, "id");
    String advice =
        switch (Output.text(duplicate, "state")) {
          case "PROPOSED" ->
              "`./lockstep duplicates accept %s` if they are the same, `reject %s` if not."
                  .formatted(id, id);
          case "LINKING", "LINKED" ->
              "`./lockstep duplicates split %s` takes it out again.".formatted(id);
          default -> "";
        };
    if (!advice.isEmpty()) {
      page.line("");
      page.line(advice);
    }
  }

  private String colourState(String state) {
    return switch (state) {
      case "PROPOSED" -> page.styled("fg_yellow", state);
      case "LINKED" -> page.styled("fg_green", state);
      case "LINKING", "UNLINKING" -> page.styled("fg_cyan", state);
      default -> page.styled("faint", state);
    };
  }

  private static String score(JsonNode duplicate) {
    return duplicate.path("score").isNumber()
        ? String.format(Locale.ROOT, "%.2f", duplicate.path("score").asDouble())
        : "–";
  }

  /** Nothing rather than a dash, so that a line without a value is left out. */
  private static String orEmpty(JsonNode node, String field) {
    return node.path(field).asText("").isEmpty() || node.path(field).isNull()
        ? ""
        : Output.text(node, field);
  }
}
