package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An incident, note, status update and log entry as the REST OpenAPI document shows them. */
final class IncidentJson {

  private IncidentJson() {}

  /**
   * @param include the values of {@code include[]}
   */
  static ObjectNode incident(Incident incident, Set<String> include) {
    ObjectNode json = References.whole(References.incident(incident));
    json.put("incident_number", incident.number())
        .put("title", incident.title())
        .put("description", incident.title())
        .put("created_at", References.seconds(incident.createdAt()))
        .put("updated_at", References.seconds(incident.updatedAt()))
        .put("status", incident.status().wire())
        .put("incident_key", incident.incidentKey());
    json.set("service", References.service(incident.service()));
    json.set(
        "assignments",
        References.array(incident.assignments().stream().map(IncidentJson::assignment).toList()));
    json.put(
            "assigned_via", incident.assignedDirectly() ? "direct_assignment" : "escalation_policy")
        .put("last_status_change_at", References.seconds(lastStatusChangeAt(incident)))
        .put("resolved_at", References.seconds(incident.resolvedAt()));
    json.set(
        "first_trigger_log_entry",
        References.logEntry(
            incident.firstLogEntryId(),
            "trigger_log_entry_reference",
            What.TRIGGERED.summary(),
            incident.id()));
    int alerts = incident.alertKeys().size();
    json.putObject("alert_counts")
        .put("all", alerts)
        .put("triggered", incident.openAlerts())
        .put("resolved", alerts - incident.openAlerts());
    json.put("is_mergeable", incident.isMergeable());
    json.putObject("incident_type").put("name", incident.incidentType());
    json.set("escalation_policy", References.policy(incident.escalationPolicy()));
    json.putArray("teams");
    json.putArray("pending_actions");
    json.set(
        "acknowledgements",
        References.array(
            incident.acknowledgements().stream().map(IncidentJson::acknowledgement).toList()));
    json.set("last_status_change_by", References.agent(incident.lastStatusChangeBy()));
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
  private static Instant lastStatusChangeAt(Incident incident) {
    return incident.status() == IncidentStatus.TRIGGERED
        ? incident.updatedAt()
        : incident.lastStatusChangeAt();
  }

  static @Nullable ObjectNode resolveReason(Incident incident) {
    if (incident.mergedInto() == null) {
      return null;
    }
    ObjectNode reason = References.object().put("type", "merge_resolve_reason");
    reason.set("incident", References.incident(incident.mergedInto()));
    return reason;
  }

  static ObjectNode note(Note note) {
    ObjectNode json = References.object().put("id", note.id());
    json.set("user", References.user(note.author()));
    json.putObject("channel").put("summary", "The PagerDuty website or APIs");
    return json.put("content", note.content())
        .put("created_at", References.seconds(note.createdAt()))
        .put("updated_at", References.seconds(note.createdAt()));
  }

  static ObjectNode statusUpdate(StatusUpdate update) {
    ObjectNode json = References.object().put("id", update.id()).put("message", update.message());
    json.put("created_at", References.seconds(update.createdAt()));
    json.set("sender", References.user(update.sender()));
    if (update.subject() != null) {
      json.put("subject", update.subject());
    }
    if (update.htmlMessage() != null) {
      json.put("html_message", update.htmlMessage());
    }
    return json;
  }

  /** As it is listed; {@code channels} says more when asked for with {@code include[]}. */
  static ObjectNode logEntry(LogEntry entry, Incident incident, Set<String> include) {
    ObjectNode json =
        References.logEntry(entry.id(), entry.type(), entry.what().summary(), incident.id());
    json.put("created_at", References.seconds(entry.at()));
    json.set("agent", References.agent(entry.agent()));
    json.set("channel", channel(entry, include));
    json.set("service", References.service(entry.service()));
    json.set(
        "incident",
        include.contains("incidents")
            ? incident(incident, Set.of())
            : References.incident(incident));
    json.putArray("teams");
    json.putArray("contexts");
    if (entry.note() != null && entry.what() == What.RESOLVED) {
      json.put("note", entry.note());
    }
    if (entry.what() == What.TRIGGERED) {
      json.putObject("event_details").put("description", incident.title());
    }
    return json;
  }

  private static ObjectNode channel(LogEntry entry, Set<String> include) {
    boolean byPerson = entry.agent().kind().equals("user");
    if (entry.what() == What.ANNOTATED) {
      return References.object().put("type", "note").put("summary", entry.note());
    }
    ObjectNode channel = References.object().put("type", byPerson ? "website" : "api");
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

  private static String fieldOf(What what) {
    return switch (what) {
      case TITLE_UPDATED -> "title";
      case SERVICE_UPDATED -> "service";
      default -> throw new IllegalArgumentException(what.name());
    };
  }

  private static ObjectNode assignment(Incident.Assignment assignment) {
    ObjectNode json = References.object().put("at", References.seconds(assignment.at()));
    json.set("assignee", References.user(assignment.assignee()));
    return json;
  }

  private static ObjectNode acknowledgement(Incident.Acknowledgement acknowledgement) {
    ObjectNode json = References.object().put("at", References.seconds(acknowledgement.at()));
    json.set("acknowledger", References.agent(acknowledgement.acknowledger()));
    return json;
  }

  private static @Nullable ObjectNode priority(Incident incident) {
    return incident.priority() == null ? null : DirectoryJson.priority(incident.priority());
  }
}
