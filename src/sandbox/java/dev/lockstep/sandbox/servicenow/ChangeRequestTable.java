package dev.lockstep.sandbox.servicenow;

import static dev.lockstep.sandbox.servicenow.Column.Type.BOOLEAN;
import static dev.lockstep.sandbox.servicenow.Column.Type.DATE_TIME;

import java.util.List;
import java.util.Map;

/** The dictionary of the change_request table in the base system. */
final class ChangeRequestTable {
  static final String TABLE = "change_request";

  static final String NEW = "-5";
  static final String ASSESS = "-4";
  static final String AUTHORIZE = "-3";
  static final String SCHEDULED = "-2";
  static final String IMPLEMENT = "-1";
  static final String REVIEW = "0";
  static final String CLOSED = "3";
  static final String CANCELED = "4";

  private static final Map<String, String> STATES =
      Map.of(
          NEW, "New",
          ASSESS, "Assess",
          AUTHORIZE, "Authorize",
          SCHEDULED, "Scheduled",
          IMPLEMENT, "Implement",
          REVIEW, "Review",
          CLOSED, "Closed",
          CANCELED, "Canceled");

  private static final Map<String, String> TYPES =
      Map.of("normal", "Normal", "standard", "Standard", "emergency", "Emergency");

  // As published records show it; the field's description numbers the three from 1.
  private static final Map<String, String> RISKS = Map.of("2", "High", "3", "Moderate", "4", "Low");

  private static final Map<String, String> CLOSE_CODES =
      Map.of(
          "successful", "Successful",
          "successful_issues", "Successful with issues",
          "unsuccessful", "Unsuccessful");

  private ChangeRequestTable() {}

  static List<Column> columns() {
    return Schema.columns(
        List.of(
            Column.choice("state", STATES),
            Column.choice("type", TYPES),
            Column.choice("risk", RISKS),
            Column.choice("scope", Map.of()),
            Column.choice("close_code", CLOSE_CODES),
            Column.text("category", 40),
            Column.text("reason", 40),
            Column.text("justification", 4000),
            Column.text("implementation_plan", 4000),
            Column.text("backout_plan", 4000),
            Column.text("test_plan", 4000),
            Column.text("risk_impact_analysis", 4000),
            Column.text("on_hold_reason", 4000),
            Column.text("phase", 40),
            Column.text("phase_state", 40),
            Column.to("sys_user", "requested_by")),
        Schema.typed(BOOLEAN, "on_hold"),
        Schema.typed(
            DATE_TIME, "start_date", "end_date", "requested_by_date", "work_start", "work_end"));
  }
}
