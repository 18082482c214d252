package dev.lockstep.sandbox.servicenow;

import static dev.lockstep.sandbox.servicenow.Column.Type.DATE_TIME;
import static dev.lockstep.sandbox.servicenow.Column.Type.INTEGER;
import static dev.lockstep.sandbox.servicenow.Column.Type.STRING;

import java.util.List;
import java.util.Map;

/** The dictionary of the incident table in the base system. */
final class IncidentTable {
  static final String NEW = "1";
  static final String IN_PROGRESS = "2";
  static final String ON_HOLD = "3";
  static final String RESOLVED = "6";
  static final String CLOSED = "7";
  static final String CANCELED = "8";

  static final Map<String, String> STATES =
      Map.of(
          NEW, "New",
          IN_PROGRESS, "In Progress",
          ON_HOLD, "On Hold",
          RESOLVED, "Resolved",
          CLOSED, "Closed",
          CANCELED, "Canceled");

  static final Map<String, String> LEVELS =
      Map.of("1", "1 - High", "2", "2 - Medium", "3", "3 - Low");

  static final Map<String, String> PRIORITIES =
      Map.of(
          "1", "1 - Critical",
          "2", "2 - High",
          "3", "3 - Moderate",
          "4", "4 - Low",
          "5", "5 - Planning");

  private static final Map<String, String> HOLD_REASONS =
      Map.of(
          "1", "Awaiting Caller",
          "3", "Awaiting Problem",
          "4", "Awaiting Vendor",
          "5", "Awaiting Change");

  /** Of the plugin Major Incident Management. */
  private static final Map<String, String> MAJOR_STATES =
      Map.of(
          "proposed", "Proposed",
          "accepted", "Accepted",
          "rejected", "Rejected",
          "canceled", "Canceled");

  private IncidentTable() {}

  static List<Column> columns() {
    return Schema.columns(
        List.of(
            Column.choice("incident_state", STATES),
            Column.choice("hold_reason", HOLD_REASONS),
            Column.choice("severity", LEVELS),
            Column.choice("major_incident_state", MAJOR_STATES),
            Column.text("close_code", 40),
            Column.to("sys_user", "caller_id"),
            Column.to("sys_user", "resolved_by"),
            Column.to("sys_user", "reopened_by"),
            Column.to(Schema.INCIDENT, "parent_incident"),
            Column.to("problem", "problem_id"),
            Column.to(ChangeRequestTable.TABLE, "rfc"),
            Column.to(ChangeRequestTable.TABLE, "caused_by")),
        Schema.typed(STRING, "category", "subcategory"),
        Schema.typed(DATE_TIME, "resolved_at", "reopened_time"),
        Schema.typed(INTEGER, "reopen_count", "child_incidents", "notify"));
  }
}
