package dev.lockstep.sandbox.servicenow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the business rule posts of an incident or a change request: the record with plain values and
 * the dot-walked columns people match by, and its latest ten journal entries, newest first.
 */
final class WebhookPayload {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NOTES = 10;
  private static final List<String> DOT_WALKED =
      List.of(
          ("assigned_to.email assigned_to.name assigned_to.user_name assignment_group.name "
                  + "business_service.name caller_id.email caller_id.name cmdb_ci.name "
                  + "parent.number problem_id.number requested_by.email requested_by.name "
                  + "rfc.number")
              .split(" ", -1));

  private final Store store;

  WebhookPayload(Store store) {
    this.store = store;
  }

  static String event(RecordChange change) {
    String what =
        switch (change.kind()) {
          case CREATED -> "inserted";
          case UPDATED -> "updated";
          case DELETED -> "deleted";
        };
    return change.table() + '.' + what;
  }

  /** The caller holds the store's monitor; {@code row} may be gone from it already. */
  String of(RecordChange change, Row row) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("delivery", UUID.randomUUID().toString());
    payload.put("event", event(change));
    payload.put("table", change.table());
    payload.put("sent_at", change.at().truncatedTo(ChronoUnit.SECONDS).toString());
    payload.put("record", flat(row));
    payload.put("notes", notes(row));
    try {
      return JSON.writeValueAsString(payload);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private Map<String, String> flat(Row row) {
    Map<String, String> flat = new LinkedHashMap<>();
    for (Column column : store.schema().columns(row.table())) {
      if (column.type() != Column.Type.JOURNAL) {
        flat.put(column.name(), row.get(column.name()));
      }
    }
    for (String path : DOT_WALKED) {
      String value = store.value(row, path);
      if (value != null) {
        flat.put(path, value);
      }
    }
    return flat;
  }

  private List<Map<String, String>> notes(Row row) {
    List<JournalEntry> entries = store.journal(row.sysId());
    List<Map<String, String>> latest = new ArrayList<>();
    for (int i = entries.size() - 1; i >= Math.max(0, entries.size() - NOTES); i--) {
      JournalEntry entry = entries.get(i);
      Map<String, String> note = new LinkedHashMap<>();
      note.put("sys_id", entry.sysId());
      note.put("element", entry.element());
      note.put("value", entry.value());
      note.put("sys_created_on", entry.createdOn());
      note.put("sys_created_by", entry.createdBy());
      latest.add(note);
    }
    return latest;
  }
}
