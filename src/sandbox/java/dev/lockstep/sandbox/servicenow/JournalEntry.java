package dev.lockstep.sandbox.servicenow;

import java.util.Map;

/**
 * One row of {@code sys_journal_field}.
 *
 * @param elementId sys_id of the record it belongs to
 * @param element {@code work_notes} or {@code comments}
 * @param createdOn UTC, {@code yyyy-MM-dd HH:mm:ss}
 * @param createdBy the author's user name
 */
public record JournalEntry(
    String sysId,
    String table,
    String elementId,
    String element,
    String value,
    String createdOn,
    String createdBy) {

  static JournalEntry of(Row row) {
    return new JournalEntry(
        row.sysId(),
        row.get("name"),
        row.get("element_id"),
        row.get("element"),
        row.get("value"),
        row.get("sys_created_on"),
        row.get("sys_created_by"));
  }

  Map<String, String> columns() {
    return Map.of(
        "sys_id", sysId,
        "name", table,
        "element_id", elementId,
        "element", element,
        "value", value,
        "sys_created_on", createdOn,
        "sys_created_by", createdBy);
  }
}
