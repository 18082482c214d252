package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;

/** Text output for the list of postmortems, followed by their problems. */
public final class PostmortemListView {
  private final Output output;
  private final int columns;

  public PostmortemListView(Output output, int columns) {
    this.output = output;
    this.columns = columns;
  }

  public void show(JsonNode overview) {
    JsonNode postmortems = overview.path("postmortems");
    if (postmortems.isEmpty() && overview.path("refused").isEmpty()) {
      output.line("No postmortems yet; import one with `./lockstep postmortem send FILE`.");
      return;
    }
    if (!postmortems.isEmpty()) {
      table(postmortems);
    }
    for (JsonNode postmortem : postmortems) {
      String called = displayName(postmortem);
      if (!postmortem.path("problem").asText().isEmpty()) {
        output.line(output.styled("fg_red", called + ": ") + Output.text(postmortem, "problem"));
      }
      for (JsonNode unread : postmortem.path("unread")) {
        output.line(output.styled("fg_yellow", called + ", ") + Output.plain(unread.asText()));
      }
    }
    for (JsonNode refused : overview.path("refused")) {
      int line = refused.path("line").asInt();
      output.line(
          output.styled(
                  "fg_red",
                  "rejected: " + Output.text(refused, "file") + (line > 0 ? ":" + line : "") + ": ")
              + Output.text(refused, "problem"));
    }
  }

  private void table(JsonNode postmortems) {
    Table table = output.table("POSTMORTEM", "INCIDENT", "ITEMS", "OPEN", "CHANGED", "STATE");
    for (JsonNode postmortem : postmortems) {
      table.add(
          displayName(postmortem),
          Output.text(postmortem, "incident"),
          Output.text(postmortem, "items"),
          Output.text(postmortem, "open"),
          Output.time(postmortem, "changedAt"),
          postmortem.path("waiting").asBoolean() ? "waits for its incident" : "linked");
    }
    table.fit("POSTMORTEM", columns);
    output.print(table);
  }

  private static String displayName(JsonNode postmortem) {
    String name = Output.text(postmortem, "name");
    return name.isBlank() ? Output.text(postmortem, "title") : name;
  }
}
