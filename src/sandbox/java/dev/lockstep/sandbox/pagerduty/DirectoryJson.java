package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.time.Instant;

/** Users, services, escalation policies and priorities as the REST OpenAPI document shows them. */
final class DirectoryJson {

  private DirectoryJson() {}

  static ObjectNode user(PagerDutyUser user) {
    ObjectNode json =
        ReferenceJson.whole(ReferenceJson.user(user))
            .put("name", user.name())
            .put("email", user.email())
            .put("time_zone", "Etc/UTC")
            .put("color", "green")
            .put("role", "user")
            .putNull("description")
            .put("invitation_sent", false)
            .put("job_title", "");
    json.putArray("contact_methods");
    json.putArray("notification_rules");
    json.putArray("teams");
    return json;
  }

  static ObjectNode service(Service service, Instant createdAt) {
    ObjectNode json =
        ReferenceJson.whole(ReferenceJson.service(service))
            .put("name", service.name())
            .put("description", "")
            .put("auto_resolve_timeout", 14400)
            .put("acknowledgement_timeout", 1800)
            .put("created_at", ReferenceJson.seconds(createdAt))
            .put("status", "active")
            .put("alert_creation", "create_alerts_and_incidents");
    json.set("escalation_policy", ReferenceJson.policy(service.escalationPolicy()));
    json.putArray("integrations");
    json.putArray("teams");
    json.putObject("incident_urgency_rule").put("type", "constant").put("urgency", "high");
    return json;
  }

  static ObjectNode policy(EscalationPolicy policy, Iterable<Service> services) {
    ObjectNode json =
        ReferenceJson.whole(ReferenceJson.policy(policy))
            .put("name", policy.name())
            .put("description", "")
            .put("num_loops", 0)
            .put("on_call_handoff_notifications", "if_has_services");
    ArrayNode rules = json.putArray("escalation_rules");
    for (int level = 0; level < policy.levels().size(); level++) {
      ObjectNode rule = rules.addObject().put("id", policy.id() + level);
      rule.put("escalation_delay_in_minutes", 30)
          .putArray("targets")
          .add(ReferenceJson.user(policy.levels().get(level)));
    }
    ArrayNode used = json.putArray("services");
    services.forEach(
        service -> {
          if (service.escalationPolicy().id().equals(policy.id())) {
            used.add(ReferenceJson.service(service));
          }
        });
    json.putArray("teams");
    return json;
  }

  static ObjectNode priority(Priority priority) {
    ObjectNode json = Json.object();
    json.put("id", priority.id()).put("type", "priority").put("summary", priority.name());
    json.put("self", "https://api.pagerduty.com/priorities/" + priority.id()).putNull("html_url");
    return json.put("name", priority.name()).put("description", priority.description());
  }
}
