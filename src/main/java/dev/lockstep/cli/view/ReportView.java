package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text output for the action item report. */
public final class ReportView {
  private final Output output;
  private final int columns;

  public ReportView(Output output, int columns) {
    this.output = output;
    this.columns = columns;
  }

  public void show(JsonNode report) {
    JsonNode total = report.path("total");
    output.line(
        "%s, %d open: %s"
            .formatted(
                counted(report.path("items").asInt(), "action item"),
                total.path("open").asInt(),
                problems(total)));
    lines(report.path("lines"));
    groups("SERVICE", report.path("services"));
    groups("OWNER", report.path("owners"));
    recurrence(report.path("recurrence"));
  }

  private static String problems(JsonNode counts) {
    List<String> parts = new ArrayList<>();
    part(parts, counts, "overdue", "overdue");
    part(parts, counts, "noOwner", "without owner");
    part(parts, counts, "noDueDate", "without due date");
    part(parts, counts, "noChange", "without change request");
    part(parts, counts, "reopened", "reopened");
    return parts.isEmpty() ? "no problems." : String.join(", ", parts) + ".";
  }

  private static void part(List<String> parts, JsonNode counts, String field, String words) {
    int count = counts.path(field).asInt();
    if (count > 0) {
      parts.add(count + " " + words);
    }
  }

  private void lines(JsonNode lines) {
    if (lines.isEmpty()) {
      return;
    }
    output.line("");
    Table table =
        output.table("ITEM", "TITLE", "SERVICE", "OWNER", "DUE", "CHANGE", "INCIDENT", "WRONG");
    table.paint("WRONG", this::colourProblem);
    for (JsonNode line : lines) {
      List<String> wrong = new ArrayList<>();
      for (JsonNode each : line.path("wrong")) {
        String word = each.asText().toLowerCase(Locale.ROOT).replace('_', ' ');
        wrong.add(word.equals("overdue") ? late(line) : word);
      }
      table.add(
          orDash(line, "key"),
          orDash(line, "title"),
          orDash(line, "service"),
          orDash(line, "owner"),
          orDash(line, "due"),
          changes(line),
          orDash(line, "incident"),
          String.join(", ", wrong));
    }
    table.fit(columns, "TITLE", "SERVICE", "OWNER", "WRONG", "INCIDENT", "CHANGE", "ITEM");
    output.print(table);
  }

  private static String changes(JsonNode line) {
    List<String> earlier = new ArrayList<>();
    line.path("earlierChanges").forEach(key -> earlier.add(Output.plain(key.asText())));
    return orDash(line, "change")
        + (earlier.isEmpty() ? "" : " after " + String.join(", ", earlier));
  }

  private static String late(JsonNode line) {
    return counted(line.path("daysLate").asInt(), "day") + " overdue";
  }

  private String colourProblem(String wrong) {
    return output.styled(
        wrong.contains("overdue") || wrong.contains("reopened") ? "fg_red" : "fg_yellow", wrong);
  }

  private void groups(String heading, JsonNode groups) {
    if (groups.isEmpty()) {
      return;
    }
    output.line("");
    Table table =
        output.table(
            heading, "OPEN", "OVERDUE", "NO OWNER", "NO DUE DATE", "NO CHANGE", "REOPENED");
    for (JsonNode group : groups) {
      table.add(
          orDash(group, "name"),
          orDash(group, "open"),
          orDash(group, "overdue"),
          orDash(group, "noOwner"),
          orDash(group, "noDueDate"),
          orDash(group, "noChange"),
          orDash(group, "reopened"));
    }
    table.fit(columns, heading);
    output.print(table);
  }

  private void recurrence(JsonNode recurrence) {
    if (recurrence.isEmpty()) {
      return;
    }
    output.heading("New incidents while an action item was open");
    for (JsonNode service : recurrence) {
      List<String> incidents = new ArrayList<>();
      service.path("incidents").forEach(key -> incidents.add(Output.plain(key.asText())));
      List<String> items = new ArrayList<>();
      for (JsonNode item : service.path("items")) {
        items.add("%s (%d)".formatted(Output.text(item, "key"), item.path("incidents").asInt()));
      }
      output.line(
          "  %s: %s; open items: %s"
              .formatted(
                  output.styled("bold", Output.text(service, "service")),
                  counted(incidents.size(), "incident") + firstFew(incidents),
                  String.join(", ", items)));
    }
  }

  private static String firstFew(List<String> keys) {
    int most = Math.min(5, keys.size());
    return " ("
        + String.join(", ", keys.subList(0, most))
        + (keys.size() > most ? ", …" : "")
        + ")";
  }

  private static String orDash(JsonNode node, String field) {
    String text = Output.text(node, field);
    return text.isBlank() ? "–" : text;
  }

  private static String counted(int count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
