package dev.lockstep.sandbox.servicenow;

import static dev.lockstep.sandbox.servicenow.ChangeRequestTable.ASSESS;
import static dev.lockstep.sandbox.servicenow.ChangeRequestTable.AUTHORIZE;
import static dev.lockstep.sandbox.servicenow.ChangeRequestTable.CANCELED;
import static dev.lockstep.sandbox.servicenow.ChangeRequestTable.CLOSED;
import static dev.lockstep.sandbox.servicenow.ChangeRequestTable.IMPLEMENT;
import static dev.lockstep.sandbox.servicenow.ChangeRequestTable.NEW;
import static dev.lockstep.sandbox.servicenow.ChangeRequestTable.REVIEW;
import static dev.lockstep.sandbox.servicenow.ChangeRequestTable.SCHEDULED;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The state model, approvals and data policies of change requests in the base system, in the order
 * in which a write meets them. They change the values that are about to be stored, or refuse.
 *
 * <p>Sources: "State model and transitions" in ServiceNow's Change Management documentation, and
 * the fields of change_request in "Change Management API". What neither says is our choice and
 * listed in {@code docs/sandbox-servicenow.md}.
 */
final class ChangeRequestRules {
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("type", "normal"),
          Map.entry("state", NEW),
          Map.entry("approval", "not requested"),
          Map.entry("category", "Other"),
          Map.entry("impact", "3"),
          Map.entry("urgency", "3"),
          Map.entry("priority", "4"),
          Map.entry("risk", "3"),
          Map.entry("scope", "3"),
          Map.entry("phase", "requested"),
          Map.entry("phase_state", "open"),
          Map.entry("on_hold", "false"),
          Map.entry("active", "true"),
          Map.entry("escalation", "0"),
          Map.entry("knowledge", "false"),
          Map.entry("made_sla", "true"),
          Map.entry("reassignment_count", "0"));

  /** The way forward; each type takes its own through the first states. */
  private static final Map<String, List<String>> WAYS =
      Map.of(
          "normal", List.of(NEW, ASSESS, AUTHORIZE, SCHEDULED, IMPLEMENT, REVIEW, CLOSED),
          "standard", List.of(NEW, SCHEDULED, IMPLEMENT, REVIEW, CLOSED),
          "emergency", List.of(NEW, AUTHORIZE, SCHEDULED, IMPLEMENT, REVIEW, CLOSED));

  private static final Set<String> AWAIT_APPROVAL = Set.of(ASSESS, AUTHORIZE);

  /** Written by rules only, whatever a caller sends. */
  private static final List<String> COMPUTED =
      List.of("active", "closed_at", "closed_by", "work_start", "work_end");

  private final UserSession actor;
  private final String now;

  ChangeRequestRules(UserSession actor, String now) {
    this.actor = actor;
    this.now = now;
  }

  /** Where a change of that type goes next when all goes well; where it is, at the end. */
  static String next(String type, String state) {
    List<String> way = WAYS.getOrDefault(type, List.of());
    int at = way.indexOf(state);
    return at < 0 || at + 1 >= way.size() ? state : way.get(at + 1);
  }

  void onInsert(Map<String, String> values) {
    values.values().removeIf(String::isEmpty);
    values.keySet().removeAll(COMPUTED);
    DEFAULTS.forEach(values::putIfAbsent);
    if (!values.getOrDefault("state", "").equals(NEW)
        || !values.getOrDefault("approval", "").equals("not requested")) {
      throw refused("A change request begins as New, without approval");
    }
    values.putIfAbsent("opened_at", now);
    values.putIfAbsent("opened_by", actor.sysId());
    values.putIfAbsent("requested_by", actor.sysId());
    if (values.getOrDefault("short_description", "").isBlank()) {
      throw ServiceNowException.byDataPolicy("Short description");
    }
    requireKnownType(values);
    requireMandatory(values);
    requireOrderedDates(values);
  }

  void onUpdate(Row before, Map<String, String> values) {
    String old = before.get("state");
    if ((old.equals(CLOSED) || old.equals(CANCELED))
        && actor.access() != UserSession.Access.ADMIN) {
      throw ServiceNowException.byAcl("Update");
    }
    COMPUTED.forEach(column -> values.put(column, before.get(column)));
    if (values.getOrDefault("short_description", "").isBlank()) {
      throw ServiceNowException.byDataPolicy("Short description");
    }
    requireKnownType(values);
    if (!old.equals(NEW) && !before.get("type").equals(values.getOrDefault("type", ""))) {
      throw refused("The type can be changed in New only");
    }
    approve(before, values);
    String next = values.getOrDefault("state", "");
    if (!next.equals(old)) {
      move(before, values, next);
    }
    requireMandatory(values);
    requireOrderedDates(values);
  }

  /** A decision moves the change on: forward, or back to New. */
  private void approve(Row before, Map<String, String> values) {
    String decision = values.getOrDefault("approval", "");
    if (decision.equals(before.get("approval"))) {
      return;
    }
    if (!actor.has(UserSession.CHANGE_MANAGER)) {
      throw ServiceNowException.byAcl("Update");
    }
    String state = before.get("state");
    boolean asked = AWAIT_APPROVAL.contains(state) && before.get("approval").equals("requested");
    if (!asked || !values.getOrDefault("state", "").equals(state)) {
      throw refused("No approval is asked for");
    }
    switch (decision) {
      case "approved" -> values.put("state", next(before.get("type"), state));
      case "rejected" -> values.put("state", NEW);
      default -> throw refused("An approval is approved or rejected");
    }
  }

  private void move(Row before, Map<String, String> values, String next) {
    String old = before.get("state");
    if (actor.access() == UserSession.Access.ADMIN && old.equals(CLOSED)) {
      throw refused("A closed change request stays closed");
    }
    boolean decided = !values.getOrDefault("approval", "").equals(before.get("approval"));
    if (!decided && !allowed(before, next)) {
      throw refused("Change Model: Check State Transition");
    }
    boolean held = before.get("on_hold").equals("true");
    if (held && !next.equals(CANCELED) && values.getOrDefault("on_hold", "").equals("true")) {
      throw refused("Change Model: Not On hold");
    }
    enter(before, values, next);
  }

  private static boolean allowed(Row before, String next) {
    String old = before.get("state");
    return switch (next) {
      case CANCELED -> !Set.of(REVIEW, CLOSED, CANCELED).contains(old);
      case NEW -> AWAIT_APPROVAL.contains(old);
      default -> !AWAIT_APPROVAL.contains(old) && next.equals(next(before.get("type"), old));
    };
  }

  private void enter(Row before, Map<String, String> values, String next) {
    switch (next) {
      case NEW -> {
        if (!values.getOrDefault("approval", "").equals("rejected")) {
          values.put("approval", "not requested");
        }
      }
      case ASSESS, AUTHORIZE -> values.put("approval", "requested");
      // A standard change is authorized before it is opened.
      case SCHEDULED -> values.put("approval", "approved");
      case IMPLEMENT -> values.put("work_start", now);
      case REVIEW -> values.put("work_end", now);
      default -> {
        values.put("active", "false");
        values.put("closed_at", now);
        values.put("closed_by", actor.sysId());
        values.put("on_hold", "false");
        values.put("on_hold_reason", "");
      }
    }
    Map<String, String> phases = new HashMap<>(Map.of(IMPLEMENT, "work", REVIEW, "review"));
    phases.put(CLOSED, "complete");
    values.put("phase", phases.getOrDefault(next, before.get("phase")));
  }

  private static void requireKnownType(Map<String, String> values) {
    if (!WAYS.containsKey(values.getOrDefault("type", ""))) {
      throw refused("Change Model: unknown type");
    }
  }

  private static void requireMandatory(Map<String, String> values) {
    List<String> missing = new ArrayList<>();
    if (values.getOrDefault("state", "").equals(CLOSED)) {
      if (values.getOrDefault("close_code", "").isBlank()) {
        missing.add("Close code");
      }
      if (values.getOrDefault("close_notes", "").isBlank()) {
        missing.add("Close notes");
      }
    }
    if (values.getOrDefault("on_hold", "").equals("true")
        && values.getOrDefault("on_hold_reason", "").isBlank()) {
      missing.add("On hold reason");
    }
    if (!missing.isEmpty()) {
      throw ServiceNowException.byDataPolicy(String.join(", ", missing));
    }
  }

  private static void requireOrderedDates(Map<String, String> values) {
    String start = values.getOrDefault("start_date", "");
    String end = values.getOrDefault("end_date", "");
    // Both are stored as yyyy-MM-dd HH:mm:ss, which sorts as text.
    if (!start.isEmpty() && !end.isEmpty() && end.compareTo(start) < 0) {
      throw refused("Planned end date must be after planned start date");
    }
  }

  private static ServiceNowException refused(String rule) {
    return ServiceNowException.byBusinessRule(ChangeRequestTable.TABLE, rule);
  }
}
