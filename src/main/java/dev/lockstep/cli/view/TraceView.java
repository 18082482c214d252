package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text output for a trace: a tree from the incident to its changes, then the history. */
public final class TraceView {
  private final Output output;
  private final int columns;
  private final boolean all;

  /**
   * @param columns of the terminal; 0: unknown
   * @param all show everything, without truncation
   */
  public TraceView(Output output, int columns, boolean all) {
    this.output = output;
    this.columns = columns;
    this.all = all;
  }

  public void show(JsonNode trace) {
    JsonNode asked = trace.path("asked");
    JsonNode incident = trace.path("incident");
    if (!text(asked, "duplicateOf").isEmpty()) {
      String what = text(asked, "kind").equals("duplicate") ? "is" : "belongs to";
      output.line(
          "%s %s a duplicate of %s; this is the trace of %3$s."
              .formatted(text(asked, "key"), what, text(asked, "duplicateOf")));
    }
    if (incident.isObject()) {
      output.line(output.styled("bold", text(incident, "key")) + titled(incident));
      output.entry("url", text(incident, "url"));
      output.entry("opened", utc(incident, "openedAt"));
      output.entry("status", statuses(incident));
    } else {
      output.line(output.styled("bold", text(asked, "key")) + "  unknown incident");
    }
    output.entry("actions", text(trace, "summary"));
    TraceFilter shown = new TraceFilter(trace, all);
    TreeNode.draw(branches(trace, shown), output, columns);
    events(shown);
  }

  /** The status as displayed by each system, since a stored value such as 7 is not readable. */
  private static String statuses(JsonNode incident) {
    List<String> statuses = new ArrayList<>();
    for (JsonNode record : incident.path("records")) {
      String status = text(record, "status");
      if (!status.isEmpty()) {
        statuses.add(status + " in " + text(record, "system"));
      }
    }
    return statuses.isEmpty()
        ? text(incident.path("values"), "status")
        : String.join(", ", statuses);
  }

  private List<TreeNode> branches(JsonNode trace, TraceFilter excerpt) {
    List<TreeNode> branches = new ArrayList<>();
    JsonNode alert = trace.path("alert");
    if (alert.isObject()) {
      branches.add(
          new TreeNode(
              "alert "
                  + output.styled("bold", text(alert, "key"))
                  + " in "
                  + text(alert, "system")
                  + prefixed(", opened ", utc(alert, "openedAt"))));
    }
    excerpt.duplicates().forEach(duplicate -> branches.add(new TreeNode(duplicate(duplicate))));
    if (excerpt.omittedDuplicates() > 0) {
      branches.add(
          new TreeNode(
              "and %d more duplicates; --all lists them".formatted(excerpt.omittedDuplicates())));
    }
    List<JsonNode> left = new ArrayList<>();
    trace.path("items").forEach(left::add);
    for (JsonNode postmortem : trace.path("postmortems")) {
      TreeNode branch =
          new TreeNode(
              "postmortem "
                  + output.styled("bold", text(postmortem, "name"))
                  + titled(postmortem)
                  + "  received "
                  + utc(postmortem, "receivedAt"));
      for (JsonNode item : List.copyOf(left)) {
        if (text(item, "postmortem").equals(text(postmortem, "name"))) {
          branch.children().add(item(item));
          left.remove(item);
        }
      }
      branches.add(branch);
    }
    left.forEach(item -> branches.add(item(item)));
    return branches;
  }

  private String duplicate(JsonNode duplicate) {
    return "duplicate "
        + output.styled("bold", text(duplicate, "key"))
        + titled(duplicate)
        + "  "
        + text(duplicate, "state").toLowerCase(Locale.ROOT)
        + " since "
        + utc(duplicate, "since")
        + prefixed(" by ", text(duplicate, "decidedBy"));
  }

  private TreeNode item(JsonNode item) {
    boolean overdue = item.path("overdue").asBoolean();
    String due = text(item, "due");
    TreeNode branch =
        new TreeNode(
            output.styled("bold", text(item, "key"))
                + titled(item)
                + "  "
                + stage(item)
                + prefixed("  ", text(item, "owner"))
                + (due.isEmpty()
                    ? ""
                    : overdue ? output.styled("fg_red", ", overdue since " + due) : ", due " + due)
                + prefixed(", issue ", text(item, "ticket")));
    item.path("earlierChanges").forEach(earlier -> branch.children().add(change(earlier)));
    JsonNode change = item.path("change");
    if (change.isObject()) {
      branch.children().add(change(change));
    }
    for (JsonNode problem : item.path("problems")) {
      branch.children().add(new TreeNode(output.styled("fg_yellow", oneLine(problem.asText()))));
    }
    return branch;
  }

  private String stage(JsonNode item) {
    String stage = text(item, "stage");
    String words = stage.equals("reopened") ? "FAILED, reopened" : stage.replace('-', ' ');
    return switch (stage) {
      case "deployed" -> output.styled("fg_green", "DEPLOYED");
      case "reopened" -> output.styled("fg_red", words);
      case "needs-owner", "needs-due-date" -> output.styled("fg_yellow", words);
      case "in-change", "ready" -> output.styled("fg_cyan", words);
      default -> output.styled("faint", words);
    };
  }

  private TreeNode change(JsonNode change) {
    String key = text(change, "key");
    return new TreeNode(
        "change "
            + output.styled("bold", key.isEmpty() ? "without a number yet" : key)
            + prefixed("  ", text(change, "state"))
            + prefixed(" ", text(change, "closeCode").replace('-', ' '))
            + prefixed(" by ", text(change, "by"))
            + prefixed(", created ", utc(change, "createdAt"))
            + prefixed(", ended ", utc(change, "endedAt")));
  }

  private void events(TraceFilter shown) {
    List<JsonNode> events = shown.events();
    if (events.isEmpty()) {
      return;
    }
    output.heading("History (UTC)");
    Table table = output.table("TIME", "OF", "WHAT", "TEXT", "BY").withoutTruncation();
    table.paint("WHAT", this::colourEvent);
    for (JsonNode event : events) {
      table.add(
          Output.time(event, "at"),
          text(event, "of"),
          text(event, "what"),
          text(event, "text"),
          text(event, "by"));
    }
    if (!all) {
      table.fit(columns, "OF", "TEXT");
    }
    output.print(table);
    if (!shown.isWhole()) {
      output.line(
          output.styled("faint", "The history of duplicates is not shown; --all shows it."));
    }
  }

  private String colourEvent(String what) {
    return switch (what) {
      case "deployed" -> output.styled("fg_green", what);
      case "failed", "guarded", "broken" -> output.styled("fg_red", what);
      default -> what;
    };
  }

  private static String titled(JsonNode node) {
    String title = text(node, "title");
    return title.isEmpty() ? "" : "  \"" + title + "\"";
  }

  private static String utc(JsonNode node, String field) {
    return node.path(field).isTextual() ? Output.time(node, field) : "";
  }

  private static String prefixed(String before, String text) {
    return text.isEmpty() ? "" : before + text;
  }

  /** A field on one line, without control characters; empty if it is missing. */
  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull() ? "" : oneLine(value.asText());
  }

  private static String oneLine(String text) {
    return Output.plain(text).strip().replaceAll("\\s*\\R\\s*", " ⏎ ");
  }
}
