package dev.lockstep.sandbox.servicenow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The business rules, data policies and lookups of incident in the base system, in the order in
 * which a write meets them. They change the values that are about to be stored, or refuse.
 *
 * <p>Sources: "Define priority lookup rules", "Incident Management state model" and "Reopening an
 * incident" in ServiceNow's Incident Management documentation.
 */
final class IncidentRules {
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("state", IncidentTable.NEW),
          Map.entry("impact", "3"),
          Map.entry("urgency", "3"),
          Map.entry("severity", "3"),
          Map.entry("category", "inquiry"),
          Map.entry("approval", "not requested"),
          Map.entry("escalation", "0"),
          Map.entry("notify", "1"),
          Map.entry("knowledge", "false"),
          Map.entry("made_sla", "true"),
          Map.entry("child_incidents", "0"),
          Map.entry("reassignment_count", "0"),
          Map.entry("reopen_count", "0"));

  private final UserSession actor;
  private final String now;
  private final String roleForClosed;

  IncidentRules(UserSession actor, String now, String roleForClosed) {
    this.actor = actor;
    this.now = now;
    this.roleForClosed = roleForClosed;
  }

  void onInsert(Map<String, String> values) {
    String given = values.getOrDefault("state", values.getOrDefault("incident_state", ""));
    if (!given.isEmpty()) {
      values.put("state", given);
    }
    values.values().removeIf(String::isEmpty);
    values.remove("child_incidents");
    DEFAULTS.forEach(values::putIfAbsent);
    values.putIfAbsent("opened_at", now);
    values.putIfAbsent("opened_by", actor.sysId());
    computePriority(values, "");
    enter(values, "", values.getOrDefault("state", ""));
    requireMandatory(values);
  }

  void onUpdate(Row before, Map<String, String> values) {
    String old = before.get("state");
    // "Closed incidents cannot be reopened": the base system's ACL leaves them to administrators.
    if (old.equals(IncidentTable.CLOSED) && !actor.has(roleForClosed)) {
      throw ServiceNowException.byAcl("Update");
    }
    String state = values.getOrDefault("state", "");
    String mirror = values.getOrDefault("incident_state", "");
    String next = state.equals(old) && !mirror.equals(old) ? mirror : state;
    computePriority(values, before.get("priority"));
    keepComputed(before, values);
    if (!next.equals(old)) {
      enter(values, old, next);
    }
    values.put("state", next);
    values.put("incident_state", next);
    countReassignment(before, values);
    requireMandatory(values);
  }

  /** Written by rules only, whatever a caller sends. */
  private static void keepComputed(Row before, Map<String, String> values) {
    for (String column :
        List.of(
            ("active resolved_at resolved_by closed_at closed_by reopen_count " + "child_incidents")
                .split(" ", -1))) {
      values.put(column, before.get(column));
    }
  }

  private void enter(Map<String, String> values, String old, String next) {
    boolean ended = next.equals(IncidentTable.CLOSED) || next.equals(IncidentTable.CANCELED);
    values.put("incident_state", next);
    values.put("active", Boolean.toString(!ended));
    if (!next.equals(IncidentTable.ON_HOLD)) {
      values.put("hold_reason", "");
    }
    if (next.equals(IncidentTable.RESOLVED)
        || (next.equals(IncidentTable.CLOSED) && !old.equals(IncidentTable.RESOLVED))) {
      values.put("resolved_at", now);
      values.put("resolved_by", actor.sysId());
    }
    if (ended) {
      values.put("closed_at", now);
      values.put("closed_by", actor.sysId());
    } else if (old.equals(IncidentTable.RESOLVED) || old.equals(IncidentTable.CLOSED)) {
      if (next.equals(IncidentTable.RESOLVED)) {
        values.put("closed_at", "");
        values.put("closed_by", "");
      } else {
        reopen(values);
      }
    }
  }

  private void reopen(Map<String, String> values) {
    int reopened = Integer.parseInt("0" + values.getOrDefault("reopen_count", ""));
    values.put("reopen_count", Integer.toString(reopened + 1));
    values.put("reopened_by", actor.sysId());
    values.put("reopened_time", now);
    for (String column : List.of("resolved_at", "resolved_by", "closed_at", "closed_by")) {
      values.put(column, "");
    }
  }

  /** Impact and urgency decide; a priority that was written directly does not survive. */
  private static void computePriority(Map<String, String> values, String otherwise) {
    String impact = values.getOrDefault("impact", "");
    String urgency = values.getOrDefault("urgency", "");
    if (impact.matches("[123]") && urgency.matches("[123]")) {
      int priority = Integer.parseInt(impact) + Integer.parseInt(urgency) - 1;
      values.put("priority", Integer.toString(priority));
    } else {
      values.put("priority", otherwise);
    }
  }

  private static void countReassignment(Row before, Map<String, String> values) {
    String old = before.get("assignment_group");
    if (!old.isEmpty() && !old.equals(values.getOrDefault("assignment_group", ""))) {
      int count = Integer.parseInt("0" + before.get("reassignment_count"));
      values.put("reassignment_count", Integer.toString(count + 1));
    }
  }

  private static void requireMandatory(Map<String, String> values) {
    String state = values.getOrDefault("state", "");
    List<String> missing = new ArrayList<>();
    if (state.equals(IncidentTable.RESOLVED) || state.equals(IncidentTable.CLOSED)) {
      require(values, "close_code", "Resolution code", missing);
      require(values, "close_notes", "Resolution notes", missing);
    }
    if (state.equals(IncidentTable.ON_HOLD)) {
      require(values, "hold_reason", "On hold reason", missing);
    }
    if (!missing.isEmpty()) {
      throw ServiceNowException.byDataPolicy(String.join(", ", missing));
    }
  }

  private static void require(
      Map<String, String> values, String column, String label, List<String> missing) {
    if (values.getOrDefault(column, "").isBlank()) {
      missing.add(label);
    }
  }
}
