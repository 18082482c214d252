package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** The postmortems for people: a line each, and beneath them what somebody has to mend. */
final class PostmortemListView {
  private final Output page;
  private final int columns;

  PostmortemListView(Output page, int columns) {
    this.page = page;
    this.columns = columns;
  }

  void show(JsonNode overview) {
    JsonNode postmortems = overview.path("postmortems");
    if (postmortems.isEmpty() && overview.path("refused").isEmpty()) {
      page.line("No postmortem was handed in yet; `./lockstep postmortem send FILE` does.");
      return;
    }
    if (!postmortems.isEmpty()) {
      table(postmortems);
    }
    for (JsonNode postmortem : postmortems) {
      String called = displayName(postmortem);
      if (!postmortem.path("problem").asText().isEmpty()) {
        page.line(page.styled("fg_red", called + ": ") + Output.text(postmortem, "problem"));
      }
      for (JsonNode unread : postmortem.path("unread")) {
        page.line(page.styled("fg_yellow", called + ", ") + Output.plain(unread.asText()));
      }
    }
    for (JsonNode refused : overview.path("refused")) {
      int line = refused.path("line").asInt();
      page.line(
          page.styled(
                  "fg_red",
                  "refused: " + Output.text(refused, "file") + (line > 0 ? ":" + line : "") + ": ")
              + Output.text(refused, "problem"));
    }
  }

  private void table(JsonNode postmortems) {
    Table table = page.table("POSTMORTEM", "INCIDENT", "ITEMS", "OPEN", "CHANGED", "STATE");
    for (JsonNode postmortem : postmortems) {
      table.add(
          displayName(postmortem),
          Output.text(postmortem, "incident"),
          Output.text(postmortem, "items"),
          Output.text(postmortem, "open"),
          Output.time(postmortem, "changedAt"),
          postmortem.path("waiting").asBoolean() ? "waits for its incident" : "joined");
    }
    table.fit("POSTMORTEM", columns);
    page.print(table);
  }

  private static String displayName(JsonNode postmortem) {
    String name = Output.text(postmortem, "name");
    return name.isBlank() ? Output.text(postmortem, "title") : name;
  }
}
