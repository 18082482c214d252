package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is to be kept in step of one record, in that side's own words; empty text for what is empty.
 */
record FieldState(Map<String, String> values) {
  static final String TITLE = "title";
  static final String STATUS = "status";
  static final String PRIORITY = "priority";
  static final String SERVICE = "service";
  static final String GROUP = "group";
  static final String ASSIGNEE = "assignee";

  private static final List<Map.Entry<String, String>> TICKET =
      List.of(
          Map.entry(TITLE, "short_description"),
          Map.entry(STATUS, "state"),
          Map.entry(PRIORITY, "priority"),
          Map.entry(SERVICE, "cmdb_ci.name"),
          Map.entry(GROUP, "assignment_group.name"),
          Map.entry(ASSIGNEE, "assigned_to.email"));

  FieldState {
    values = Map.copyOf(values);
  }

  static FieldState of(ServiceNowSimulator serviceNow, String sysId) {
    Map<String, String> values = new TreeMap<>();
    TICKET.forEach(field -> values.put(field.getKey(), serviceNow.value(sysId, field.getValue())));
    return new FieldState(values);
  }

  /** An incident without a priority says by its urgency how bad it is. */
  static FieldState of(PagerDutyIncident incident) {
    var priority = incident.priority();
    List<String> assignees = incident.assigneeEmails();
    return new FieldState(
        Map.of(
            TITLE,
            incident.title(),
            STATUS,
            incident.status().wire(),
            PRIORITY,
            priority == null ? incident.urgency().wire() : priority.name(),
            SERVICE,
            incident.service().name(),
            GROUP,
            incident.escalationPolicy().name(),
            ASSIGNEE,
            assignees.isEmpty() ? "" : assignees.get(0)));
  }

  /**
   * @param issue of Jira, as its API shows it; it says nothing of service and group
   */
  static FieldState of(JsonNode issue) {
    JsonNode fields = issue.path("fields");
    return new FieldState(
        Map.of(
            TITLE,
            fields.path("summary").asText(),
            STATUS,
            fields.at("/status/name").asText(),
            PRIORITY,
            fields.at("/priority/name").asText(),
            ASSIGNEE,
            fields.at("/assignee/emailAddress").asText()));
  }

  String get(String field) {
    return values.getOrDefault(field, "");
  }

  /** The fields in which the two differ. */
  Set<String> changedTo(FieldState later) {
    Set<String> changed = new TreeSet<>();
    later.values.forEach(
        (field, value) -> {
          if (!value.equals(get(field))) {
            changed.add(field);
          }
        });
    return changed;
  }
}
