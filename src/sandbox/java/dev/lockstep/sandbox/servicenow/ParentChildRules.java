package dev.lockstep.sandbox.servicenow;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is between a parent incident and its children. Whoever uses it holds the store's monitor.
 *
 * <p>Source: "Synchronizing parent and child incidents" in ServiceNow's Incident Management
 * documentation.
 */
final class ParentChildRules {
  static final String PARENT = "parent_incident";
  private static final String AWAITING_CALLER = "1";
  private static final Set<String> STAY = Set.of(IncidentTable.CLOSED, IncidentTable.CANCELED);

  private final Store store;

  ParentChildRules(Store store) {
    this.store = store;
  }

  List<Row> children(String parent) {
    return parent.isEmpty() ? List.of() : store.lookUp(Schema.INCIDENT, PARENT, List.of(parent));
  }

  /** No incident is below itself. */
  void requireNoCircle(Row incident, String parent) {
    Set<String> seen = new HashSet<>();
    String above = parent.equals(incident.get(PARENT)) ? "" : parent;
    while (!above.isEmpty() && seen.add(above)) {
      if (above.equals(incident.sysId())) {
        throw ServiceNowException.byBusinessRule(
            Schema.INCIDENT, "Parent incident must not be a child");
      }
      Row row = store.find(Schema.INCIDENT, above);
      above = row == null ? "" : row.get(PARENT);
    }
  }

  /**
   * What each child has to be given after its parent was changed, by sys_id.
   *
   * @param given what was written to the parent, journal included
   */
  Map<String, Map<String, String>> follow(Row before, Row parent, Map<String, String> given) {
    Map<String, String> news = new HashMap<>();
    for (String journal : List.of("work_notes", "comments")) {
      if (!given.getOrDefault(journal, "").isEmpty()) {
        news.put(journal, given.getOrDefault(journal, ""));
      }
    }
    String state = parent.get("state");
    boolean moved = !state.equals(before.get("state"));
    Map<String, Map<String, String>> writes = new LinkedHashMap<>();
    for (Row child : children(parent.sysId())) {
      if (STAY.contains(child.get("state"))) {
        continue;
      }
      Map<String, String> fields = new HashMap<>(news);
      if (moved && !state.equals(child.get("state"))) {
        move(parent, fields);
      }
      if (!fields.isEmpty()) {
        writes.put(child.sysId(), fields);
      }
    }
    return writes;
  }

  /** Closed and Canceled are not passed on, and neither is waiting for the caller. */
  private static void move(Row parent, Map<String, String> fields) {
    switch (parent.get("state")) {
      case IncidentTable.IN_PROGRESS -> fields.put("state", IncidentTable.IN_PROGRESS);
      case IncidentTable.ON_HOLD -> {
        if (!parent.get("hold_reason").equals(AWAITING_CALLER)) {
          fields.put("state", IncidentTable.ON_HOLD);
          fields.put("hold_reason", parent.get("hold_reason"));
        }
      }
      case IncidentTable.RESOLVED -> {
        String notes = parent.get("close_notes");
        fields.put("state", IncidentTable.RESOLVED);
        fields.put("close_code", parent.get("close_code"));
        fields.put("close_notes", notes);
        // "The Activity log in the child incident form is updated with the resolution notes".
        fields.merge(
            "comments", notes, (said, more) -> said.contains(more) ? said : said + "\n" + more);
      }
      default -> {
        // What has no line in the table leaves the children where they are.
      }
    }
  }
}
