package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** V3 webhook bodies, as PagerDuty's webhook overview and samples of real ones show them. */
final class EventJson {

  /** Longer texts are cut and marked {@code trimmed}, to stay below the documented 55 KB. */
  private static final int LONGEST_TEXT = 10_000;

  private EventJson() {}

  static ObjectNode event(String id, String eventType, IncidentEvent change) {
    ObjectNode root = envelope(id, eventType, "incident", change.at());
    ObjectNode event = (ObjectNode) root.path("event");
    event.set("agent", ReferenceJson.agent(change.by()));
    event.putNull("client");
    event.set("data", data(change));
    return root;
  }

  /** What "Send test event" sends. */
  static ObjectNode ping(String id, Instant at) {
    ObjectNode root = envelope(id, "pagey.ping", "pagey", at);
    ObjectNode event = (ObjectNode) root.path("event");
    event.putNull("agent").putNull("client");
    event.putObject("data").put("message", "Hello from your friend Pagey!").put("type", "ping");
    return root;
  }

  private static ObjectNode envelope(String id, String type, String resource, Instant at) {
    ObjectNode root = Json.object();
    root.putObject("event")
        .put("id", id)
        .put("event_type", type)
        .put("resource_type", resource)
        .put("occurred_at", milliseconds(at));
    return root;
  }

  private static ObjectNode data(IncidentEvent change) {
    if (change.note() != null) {
      return text(change, change.note().id(), "content", change.note().content(), "incident_note");
    }
    if (change.statusUpdate() != null) {
      StatusUpdate update = change.statusUpdate();
      return text(change, update.id(), "message", update.message(), "incident_status_update");
    }
    if (change.task() != null) {
      return task(change.task());
    }
    return incident(change.incident());
  }

  private static ObjectNode task(IncidentTask task) {
    ObjectNode data = Json.object();
    data.put("name", task.name())
        .put("description", task.description())
        .put("id", task.id())
        .put("summary", task.name())
        .put("type", "incident_task")
        .put("status", task.status().wire());
    data.set("assignees", Json.array(task.assignees().stream().map(ReferenceJson::user).toList()));
    data.set("incident", ReferenceJson.incident(task.incidentId()));
    return data;
  }

  private static ObjectNode text(
      IncidentEvent change, String id, String field, String text, String type) {
    PagerDutyIncident incident = change.incident();
    boolean trimmed = text.length() > LONGEST_TEXT;
    ObjectNode data = Json.object();
    data.set("incident", ReferenceJson.incident(incident, incident.title()));
    return data.put("id", id)
        .put(field, trimmed ? text.substring(0, LONGEST_TEXT) : text)
        .put("trimmed", trimmed)
        .put("type", type);
  }

  private static ObjectNode incident(PagerDutyIncident incident) {
    ObjectNode data = ReferenceJson.whole(ReferenceJson.incident(incident, incident.title()));
    data.remove("summary");
    data.put("number", incident.number())
        .put("status", incident.status().wire())
        .put("incident_key", incident.incidentKey())
        .put("created_at", ReferenceJson.seconds(incident.createdAt()))
        .put("reopened_at", ReferenceJson.seconds(incident.reopenedAt()))
        .put("title", incident.title());
    data.set("service", ReferenceJson.service(incident.service()));
    data.set(
        "assignees",
        Json.array(
            incident.assignments().stream()
                .map(assignment -> ReferenceJson.user(assignment.assignee()))
                .toList()));
    data.set("escalation_policy", ReferenceJson.policy(incident.escalationPolicy()));
    data.putArray("teams");
    data.set("priority", ReferenceJson.priority(incident.priority()));
    data.put("urgency", incident.urgency().wire());
    data.putNull("conference_bridge");
    data.set("resolve_reason", IncidentJson.resolveReason(incident));
    data.putObject("incident_type").put("name", incident.incidentType());
    return data;
  }

  private static String milliseconds(Instant at) {
    String seconds = at.truncatedTo(ChronoUnit.SECONDS).toString();
    return seconds.substring(0, seconds.length() - 1)
        + String.format(Locale.ROOT, ".%03dZ", at.toEpochMilli() % 1000);
  }
}
