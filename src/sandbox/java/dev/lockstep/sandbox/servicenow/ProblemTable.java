package dev.lockstep.sandbox.servicenow;

import static dev.lockstep.sandbox.servicenow.Column.Type.BOOLEAN;
import static dev.lockstep.sandbox.servicenow.Column.Type.INTEGER;

import java.util.List;
import java.util.Map;

/** The dictionary of the problem table in the base system, since Madrid, and what new ones have. */
final class ProblemTable {
  static final String TABLE = "problem";

  static final String NEW = "101";
  static final String RESOLVED = "106";
  static final String CLOSED = "107";

  private static final Map<String, String> STATES =
      Map.of(
          NEW, "New",
          "102", "Assess",
          "103", "Root Cause Analysis",
          "104", "Fix in Progress",
          RESOLVED, "Resolved",
          CLOSED, "Closed");

  private static final Map<String, String> RESOLUTIONS =
      Map.of(
          "fix_applied", "Fix Applied",
          "risk_accepted", "Risk Accepted",
          "duplicate", "Duplicate",
          "canceled", "Canceled");

  private ProblemTable() {}

  static List<Column> columns() {
    return Schema.columns(
        List.of(
            Column.choice("state", STATES),
            Column.choice("problem_state", STATES),
            Column.choice("resolution_code", RESOLUTIONS),
            Column.text("category", 40),
            Column.text("subcategory", 40),
            Column.text("workaround", 4000),
            Column.text("cause_notes", 4000),
            Column.text("fix_notes", 4000),
            Column.to("task", "first_reported_by_task"),
            Column.to(ChangeRequestTable.TABLE, "rfc"),
            Column.to(TABLE, "duplicate_of")),
        Schema.typed(BOOLEAN, "known_error", "major_problem"),
        Schema.typed(INTEGER, "related_incidents"));
  }

  /** A new problem, as the base system fills it in. */
  static void onInsert(Map<String, String> values, UserSession actor, String now) {
    values.values().removeIf(String::isEmpty);
    if (values.getOrDefault("short_description", "").isBlank()) {
      throw ServiceNowException.byDataPolicy("Problem statement");
    }
    Map.of(
            "state", NEW,
            "impact", "3",
            "urgency", "3",
            "priority", "5",
            "active", "true",
            "known_error", "false",
            "opened_at", now,
            "opened_by", actor.sysId())
        .forEach(values::putIfAbsent);
    values.put("problem_state", values.getOrDefault("state", NEW));
  }

  /** A closed problem is only read; one that is resolved says how. */
  static void onUpdate(Row before, Map<String, String> values, UserSession actor) {
    if (before.get("state").equals(CLOSED) && actor.access() != UserSession.Access.ADMIN) {
      throw ServiceNowException.byAcl("Update");
    }
    String state = values.getOrDefault("state", "");
    boolean ends = state.equals(RESOLVED) || state.equals(CLOSED);
    if (ends && values.getOrDefault("resolution_code", "").isBlank()) {
      throw ServiceNowException.byDataPolicy("Resolution code");
    }
    values.put("problem_state", state);
    values.put("active", Boolean.toString(!state.equals(CLOSED)));
  }
}
