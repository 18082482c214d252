package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text output for the reports of many incidents. */
public final class IncidentReportView {
  private static final List<String> TIMES = List.of("acknowledge", "update", "mitigate", "resolve");

  private final Output output;
  private final int columns;

  /**
   * @param columns of the terminal; 0: unknown
   */
  public IncidentReportView(Output output, int columns) {
    this.output = output;
    this.columns = columns;
  }

  /** Median and 90th percentile of each time, after the number of incidents they are based on. */
  public void incidents(JsonNode report) {
    String by = report.path("by").asText();
    Table table =
        output.table(
            by,
            "INCIDENTS",
            "OPEN",
            "REOPENED",
            "ACKNOWLEDGE",
            "UPDATE",
            "MITIGATE",
            "RESOLVE",
            "ON TIME");
    report.path("groups").forEach(group -> add(table, orDash(group, "name"), group));
    add(table, "total", report.path("total"));
    table.fit(columns, by);
    output.line(period(report));
    output.line("");
    output.print(table);
    output.line("");
    output.line("Times: mean, median/90th percentile (incidents they are based on).");
    output.line("On time: of the updates for stakeholders that were due.");
    JsonNode total = report.path("total");
    for (String time : TIMES) {
      long unknown = total.path(time).path("unknown").asLong();
      if (unknown > 0) {
        output.line("No time to %s is known of %d incidents.".formatted(time, unknown));
      }
    }
    if (report.path("omitted").asInt() > 0) {
      output.line("%d more groups are left out.".formatted(report.path("omitted").asInt()));
    }
  }

  private static void add(Table table, String name, JsonNode group) {
    List<String> cells = new ArrayList<>(List.of(name));
    for (String count : List.of("incidents", "open", "reopened")) {
      cells.add(Output.text(group, count));
    }
    for (String time : TIMES) {
      JsonNode times = group.path(time);
      cells.add(
          times.path("count").asLong() == 0
              ? "–"
              : "%s, %s/%s (%d)"
                  .formatted(
                      length(times.path("mean").asDouble()),
                      length(times.path("median").asDouble()),
                      length(times.path("p90").asDouble()),
                      times.path("count").asLong()));
    }
    cells.add(onTime(group.path("updates")));
    table.add(cells.toArray(String[]::new));
  }

  /** Of the updates that were due, also of those that are overdue now. */
  private static String onTime(JsonNode updates) {
    long overdue = updates.path("overdue").asLong();
    long due = updates.path("due").asLong() + overdue;
    long late = updates.path("late").asLong() + overdue;
    return due == 0 ? "–" : "%d of %d".formatted(due - late, due);
  }

  /** With one decimal of its largest unit, for example {@code 1.5h}. */
  static String length(double seconds) {
    if (seconds < 60) {
      return Math.round(seconds) + "s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%.1fm", seconds / 60);
    }
    return seconds < 86_400
        ? String.format(Locale.ROOT, "%.1fh", seconds / 3600)
        : String.format(Locale.ROOT, "%.1fd", seconds / 86_400);
  }

  public void closed(JsonNode report) {
    JsonNode incidents = report.path("incidents");
    output.line(period(report));
    if (incidents.isEmpty()) {
      output.line("No incident was resolved without leading to a change request.");
      return;
    }
    Table table =
        output.table("CLOSED", "INCIDENT", "LEVEL", "SERVICE", "TITLE", "POSTMORTEM", "ITEMS");
    for (JsonNode incident : incidents) {
      table.add(
          Output.time(incident, "closedAt"),
          Output.text(incident, "key"),
          orDash(incident, "level"),
          orDash(incident, "service"),
          orDash(incident, "title"),
          orDash(incident, "postmortem"),
          Output.text(incident, "items"));
    }
    table.fit(columns, "TITLE", "SERVICE", "POSTMORTEM");
    output.print(table);
  }

  public void recurrence(JsonNode report) {
    output.line(period(report));
    if (report.path("services").isEmpty()) {
      output.line(
          "No service had %d incidents within %d days."
              .formatted(report.path("least").asInt(), report.path("days").asInt()));
      return;
    }
    Table table = output.table("SERVICE", "INCIDENTS", "MOST AT ONCE", "FROM", "LAST");
    for (JsonNode service : report.path("services")) {
      table.add(
          Output.text(service, "service"),
          Output.text(service, "incidents"),
          Output.text(service, "most"),
          Output.time(service, "from"),
          Output.time(service, "last"));
    }
    table.fit(columns, "SERVICE");
    output.print(table);
  }

  public void duplicates(JsonNode report) {
    long outages = report.path("outages").asLong();
    output.line(
        outages == 0
            ? "No ticket of that time has duplicates."
            : "%d outages with %d duplicates, %.1f on average."
                .formatted(
                    outages, report.path("duplicates").asLong(), report.path("mean").asDouble()));
    if (outages == 0) {
      return;
    }
    Table table = output.table("OUTAGE", "OPENED", "SERVICE", "TITLE", "DUPLICATES");
    for (JsonNode outage : report.path("largest")) {
      table.add(
          Output.text(outage, "key"),
          Output.time(outage, "openedAt"),
          orDash(outage, "service"),
          orDash(outage, "title"),
          Output.text(outage, "duplicates"));
    }
    table.fit(columns, "TITLE", "SERVICE");
    output.print(table);
  }

  private static String period(JsonNode report) {
    JsonNode period = report.path("period");
    return "From %s to %s (UTC)."
        .formatted(Output.time(period, "since"), Output.time(period, "until"));
  }

  private static String orDash(JsonNode node, String field) {
    String text = Output.text(node, field);
    return text.isBlank() ? "–" : text;
  }
}
