package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The short form in which PagerDuty's objects name each other. */
final class ReferenceJson {

  /** The hosts that the examples in the OpenAPI document use. */
  private static final String API = "https://api.pagerduty.com";

  private static final String WEB = "https://subdomain.pagerduty.com";

  private ReferenceJson() {}

  /** The one object a body consists of, under its name. */
  static ObjectNode wrapped(String name, JsonNode object) {
    return Json.object().set(name, object);
  }

  /** REST times have whole seconds. */
  static @Nullable String seconds(@Nullable Instant at) {
    return at == null ? null : at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static ObjectNode agent(Agent agent) {
    return agent.kind().equals("user")
        ? reference("user", agent.id(), agent.name(), "users", "users")
        : reference("service", agent.id(), agent.name(), "services", "service-directory");
  }

  static ObjectNode user(PagerDutyUser user) {
    return agent(Agent.of(user));
  }

  static ObjectNode service(Service service) {
    return agent(Agent.of(service));
  }

  static ObjectNode policy(EscalationPolicy policy) {
    String path = "escalation_policies";
    return reference("escalation_policy", policy.id(), policy.name(), path, path);
  }

  static ObjectNode schedule(Schedule schedule) {
    return reference("schedule", schedule.id(), schedule.name(), "schedules", "schedules");
  }

  static @Nullable ObjectNode priority(@Nullable Priority priority) {
    return priority == null
        ? null
        : reference(
            "priority",
            priority.id(),
            priority.name(),
            "priorities",
            "account/incident_priorities");
  }

  static ObjectNode incident(PagerDutyIncident incident) {
    return incident(incident, restSummary(incident));
  }

  /** In webhooks the summary is the bare title. */
  static ObjectNode incident(PagerDutyIncident incident, String summary) {
    return reference("incident", incident.id(), summary, "incidents", "incidents");
  }

  static ObjectNode incident(String id) {
    return reference("incident", id, null, "incidents", "incidents");
  }

  static String restSummary(PagerDutyIncident incident) {
    return "[#" + incident.number() + "] " + incident.title();
  }

  static ObjectNode logEntry(String id, String type, String summary, String incidentId) {
    return Json.object()
        .put("id", id)
        .put("type", type)
        .put("summary", summary)
        .put("self", API + "/log_entries/" + id + "?incident_id=" + incidentId)
        .put("html_url", WEB + "/incidents/" + incidentId + "/log_entries/" + id);
  }

  /** The same fields under the type of the whole object. */
  static ObjectNode whole(ObjectNode reference) {
    String type = reference.path("type").asText();
    return reference.put("type", type.replaceAll("_reference$", ""));
  }

  private static ObjectNode reference(
      String type, String id, @Nullable String summary, String path, String webPath) {
    String page = type.equals("priority") ? webPath : webPath + "/" + id;
    return Json.object()
        .put("id", id)
        .put("type", type + "_reference")
        .put("summary", summary)
        .put("self", API + "/" + path + "/" + id)
        .put("html_url", WEB + "/" + page);
  }
}
