package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;

/** Text output for timelines. */
public final class TimelineView {
  private final Output output;
  private final int columns;
  private final boolean all;

  /**
   * @param columns of the terminal; 0: unknown
   * @param all with what Lockstep did, and texts without truncation
   */
  public TimelineView(Output output, int columns, boolean all) {
    this.output = output;
    this.columns = columns;
    this.all = all;
  }

  public void show(JsonNode timeline) {
    output.line(
        output.styled("bold", Output.text(timeline, "key"))
            + "  \"%s\"".formatted(Output.text(timeline, "title")));
    JsonNode facts = timeline.path("facts");
    output.entry("level", facts.path("level").asText(""));
    output.entry("stage", facts.path("stage").asText("").toLowerCase(java.util.Locale.ROOT));
    output.entry("service", facts.path("service").asText(""));
    for (JsonNode clock : timeline.path("clocks")) {
      long ahead = clock.path("aheadSeconds").asLong();
      if (ahead != 0) {
        output.entry(
            "clock",
            "%s is %d s %s; its times are corrected"
                .formatted(
                    Output.text(clock, "title"), Math.abs(ahead), ahead > 0 ? "ahead" : "behind"));
      }
    }
    output.line("");
    Table table = output.table("TIME (UTC)", "WHERE", "RECORD", "WHAT", "TEXT", "BY");
    if (all) {
      table.withoutTruncation();
    }
    for (JsonNode event : timeline.path("events")) {
      if (all || !event.path("weight").asText().equals("DETAIL")) {
        table.add(
            Output.time(event, "at"),
            Output.text(event, "system"),
            Output.text(event, "record"),
            Output.text(event, "what"),
            event.path("text").asText(""),
            event.path("by").asText(""));
      }
    }
    if (!all) {
      table.fit(columns, "TEXT", "BY", "RECORD");
    }
    output.print(table);
  }
}
