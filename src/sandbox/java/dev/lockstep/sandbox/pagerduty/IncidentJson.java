package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An incident, note, status update and log entry as the REST OpenAPI document shows them. */
final class IncidentJson {

  private IncidentJson() {}

  /**
   * @param include the values of {@code include[]}
   */
  static ObjectNode incident(PagerDutyIncident incident, Set<String> include) {
    ObjectNode json = ReferenceJson.whole(ReferenceJson.incident(incident));
    json.put("incident_number", incident.number())
        .put("title", incident.title())
        .put("description", incident.title())
        .put("created_at", ReferenceJson.seconds(incident.createdAt()))
        .put("updated_at", ReferenceJson.seconds(incident.updatedAt()))
        .put("status", incident.status().wire())
        .put("incident_key", incident.incidentKey());
    json.set("service", ReferenceJson.service(incident.service()));
    json.set(
        "assignments",
        Json.array(incident.assignments().stream().map(IncidentJson::assignment).toList()));
    json.put(
            "assigned_via", incident.assignedDirectly() ? "direct_assignment" : "escalation_policy")
        .put("last_status_change_at", ReferenceJson.seconds(lastStatusChangeAt(incident)))
        .put("resolved_at", ReferenceJson.seconds(incident.resolvedAt()));
    json.set(
        "first_trigger_log_entry",
        ReferenceJson.logEntry(
            incident.firstLogEntryId(),
            "trigger_log_entry_reference",
            EventType.TRIGGERED.summary(),
            incident.id()));
    int alerts = incident.alertKeys().size();
    json.putObject("alert_counts")
        .put("all", alerts)
        .put("triggered", incident.openAlerts())
        .put("resolved", alerts - incident.openAlerts());
    json.put("is_mergeable", incident.isMergeable());
    json.putObject("incident_type").put("name", incident.incidentType());
    json.set("escalation_policy", ReferenceJson.policy(incident.escalationPolicy()));
    json.putArray("teams");
    json.putArray("pending_actions");
    json.set(
        "acknowledgements",
        Json.array(
            incident.acknowledgements().stream().map(IncidentJson::acknowledgement).toList()));
    json.set("last_status_change_by", ReferenceJson.agent(incident.lastStatusChangeBy()));
    json.set("priority", priority(incident));
    json.set("resolve_reason", resolveReason(incident));
    json.put("urgency", incident.urgency().wire());
    if (include.contains("conference_bridge")) {
      json.putNull("conference_bridge");
    }
    if (include.contains("body")) {
      json.putObject("body").put("type", "incident_body").put("details", incident.body());
    }
    return json;
  }

  /** "If it is not acknowledged or resolved, this will be the incident's updated_at". */
  private static Instant lastStatusChangeAt(PagerDutyIncident incident) {
    return incident.status() == IncidentStatus.TRIGGERED
        ? incident.updatedAt()
        : incident.lastStatusChangeAt();
  }

  static @Nullable ObjectNode resolveReason(PagerDutyIncident incident) {
    if (incident.mergedInto() == null) {
      return null;
    }
    ObjectNode reason = Json.object().put("type", "merge_resolve_reason");
    reason.set("incident", ReferenceJson.incident(incident.mergedInto()));
    return reason;
  }

  static ObjectNode note(Note note) {
    ObjectNode json = Json.object().put("id", note.id());
    json.set("user", ReferenceJson.user(note.author()));
    json.putObject("channel").put("summary", "The PagerDuty website or APIs");
    return json.put("content", note.content())
        .put("created_at", ReferenceJson.seconds(note.createdAt()))
        .put("updated_at", ReferenceJson.seconds(note.createdAt()));
  }

  static ObjectNode statusUpdate(StatusUpdate update) {
    ObjectNode json = Json.object().put("id", update.id()).put("message", update.message());
    json.put("created_at", ReferenceJson.seconds(update.createdAt()));
    json.set("sender", ReferenceJson.user(update.sender()));
    if (update.subject() != null) {
      json.put("subject", update.subject());
    }
    if (update.htmlMessage() != null) {
      json.put("html_message", update.htmlMessage());
    }
    return json;
  }

  /** As it is listed; {@code channels} says more when asked for with {@code include[]}. */
  static ObjectNode logEntry(LogEntry entry, PagerDutyIncident incident, Set<String> include) {
    ObjectNode json =
        ReferenceJson.logEntry(entry.id(), entry.type(), entry.what().summary(), incident.id());
    json.put("created_at", ReferenceJson.seconds(entry.at()));
    json.set("agent", ReferenceJson.agent(entry.agent()));
    json.set("channel", channel(entry, include));
    json.set("service", ReferenceJson.service(entry.service()));
    json.set(
        "incident",
        include.contains("incidents")
            ? incident(incident, Set.of())
            : ReferenceJson.incident(incident));
    json.putArray("teams");
    json.putArray("contexts");
    if (entry.note() != null && entry.what() == EventType.RESOLVED) {
      json.put("note", entry.note());
    }
    if (entry.what() == EventType.TRIGGERED) {
      json.putObject("event_details").put("description", incident.title());
    }
    return json;
  }

  private static ObjectNode channel(LogEntry entry, Set<String> include) {
    boolean byPerson = entry.agent().kind().equals("user");
    if (entry.what() == EventType.ANNOTATED) {
      return Json.object().put("type", "note").put("summary", entry.note());
    }
    ObjectNode channel = Json.object().put("type", byPerson ? "website" : "api");
    if (include.contains("channels") && entry.type().equals("field_value_change_log_entry")) {
      channel
          .putObject("changeset")
          .putArray("application_fields")
          .addObject()
          .put("name", fieldOf(entry.what()))
          .put("value", entry.note())
          .put("namespace", "incidents");
    }
    return channel;
  }

  private static String fieldOf(EventType what) {
    return switch (what) {
      case TITLE_UPDATED -> "title";
      case SERVICE_UPDATED -> "service";
      default -> throw new IllegalArgumentException(what.name());
    };
  }

  private static ObjectNode assignment(PagerDutyIncident.Assignment assignment) {
    ObjectNode json = Json.object().put("at", ReferenceJson.seconds(assignment.at()));
    json.set("assignee", ReferenceJson.user(assignment.assignee()));
    return json;
  }

  private static ObjectNode acknowledgement(PagerDutyIncident.Acknowledgement acknowledgement) {
    ObjectNode json = Json.object().put("at", ReferenceJson.seconds(acknowledgement.at()));
    json.set("acknowledger", ReferenceJson.agent(acknowledgement.acknowledger()));
    return json;
  }

  private static @Nullable ObjectNode priority(PagerDutyIncident incident) {
    return incident.priority() == null ? null : DirectoryJson.priority(incident.priority());
  }
}
