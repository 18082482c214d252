package dev.lockstep.sandbox.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event of a ServiceNow audit log: the ticket as it stood after it. Values are those of the
 * log; empty where it says {@code ?}, which is its word for not known.
 *
 * @param line of the file
 */
record LogLine(
    int line,
    String number,
    String state,
    String impact,
    String urgency,
    String group,
    String assignee,
    String item,
    String category,
    String symptom,
    String closeCode,
    String by,
    String modCount) {

  /** A column every event changes, so that none of them goes unheard. */
  static final String STEP = "u_log_step";

  private static final Map<String, Map<String, String>> STATES =
      Map.ofEntries(
          Map.entry("New", state("1")),
          Map.entry("Active", state("2")),
          Map.entry("In Progress", state("2")),
          Map.entry("Awaiting User Info", record("1")),
          Map.entry("Awaiting Caller", record("1")),
          Map.entry("Awaiting Evidence", record("2")),
          Map.entry("Awaiting Problem", record("3")),
          Map.entry("Awaiting Vendor", record("4")),
          Map.entry("Awaiting Change", record("5")),
          Map.entry("Resolved", state("6")),
          Map.entry("Closed", state("7")),
          Map.entry("Canceled", state("8")));

  static boolean knowsState(String state) {
    return STATES.containsKey(state);
  }

  /** Closed tickets take changes from administrators only. */
  boolean closed() {
    return state.equals("Closed");
  }

  /** What to write on a new ticket so that it stands as the log says. References go by name. */
  Map<String, String> creation() {
    Map<String, String> fields = fields();
    fields.values().removeIf(String::isEmpty);
    fields.put("number", number);
    fields.put("short_description", title());
    return fields;
  }

  /** What differs from the event before. What was known and is not any more is emptied. */
  Map<String, String> edit(@Nullable LogLine before) {
    if (before == null) {
      return creation();
    }
    Map<String, String> fields = fields();
    Map<String, String> old = before.fields();
    fields.entrySet().removeIf(field -> field.getValue().equals(old.get(field.getKey())));
    return fields;
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>(STATES.getOrDefault(state, Map.of()));
    fields.put("impact", digit(impact));
    fields.put("urgency", digit(urgency));
    fields.put("assignment_group", group);
    fields.put("assigned_to", assignee);
    fields.put("cmdb_ci", item);
    fields.put("category", category);
    fields.put(STEP, modCount + "/" + line);
    if (state.equals("Resolved") || state.equals("Closed")) {
      // The log has a code at most; ServiceNow resolves nothing without notes.
      String code = closeCode.isEmpty() ? "Not recorded" : closeCode;
      fields.put("close_code", code);
      fields.put("close_notes", "Closed with " + code);
    }
    return fields;
  }

  private String title() {
    return (symptom.isEmpty() ? number : symptom) + (category.isEmpty() ? "" : ", " + category);
  }

  /** {@code 2 - Medium} is stored as {@code 2}. */
  private static String digit(String choice) {
    return choice.isEmpty() ? "" : choice.substring(0, 1);
  }

  private static Map<String, String> state(String value) {
    return Map.of("state", value);
  }

  private static Map<String, String> record(String reason) {
    return Map.of("state", "3", "hold_reason", reason);
  }
}
