package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** From the JSON of {@code POST} and {@code PUT /incidents} to what is asked for. */
final class IncidentRequests {

  private static final Set<String> UPDATE_TYPES = Set.of("incident", "incident_reference");

  private final Directory directory;

  IncidentRequests(Directory directory) {
    this.directory = directory;
  }

  NewIncident creation(JsonNode json) {
    if (!RequestBody.text(json, "type").equals(Optional.of("incident"))) {
      throw PagerDutyException.invalid("type must be incident");
    }
    String title =
        RequestBody.text(json, "title")
            .orElseThrow(() -> PagerDutyException.invalid("Title cannot be empty."));
    List<PagerDutyUser> assignees = assignees(json);
    return new NewIncident(
        title,
        service(json).orElseThrow(() -> PagerDutyException.invalid("Service cannot be empty.")),
        RequestBody.reference(json, "priority", "priority").map(this::priority).orElse(null),
        urgency(json).orElse(Urgency.HIGH),
        details(json),
        RequestBody.text(json, "incident_key").filter(key -> !key.isEmpty()).orElse(null),
        RequestBody.text(json.path("incident_type"), "name").orElse("incident_default"),
        assignees == null ? List.of() : assignees,
        policy(json).orElse(null),
        null,
        true);
  }

  IncidentChange change(JsonNode json) {
    if (RequestBody.text(json, "type").filter(UPDATE_TYPES::contains).isEmpty()) {
      throw PagerDutyException.invalid("type must be incident or incident_reference");
    }
    IncidentChange change = new IncidentChange();
    change.status = RequestBody.text(json, "status").map(IncidentRequests::status).orElse(null);
    change.title = RequestBody.text(json, "title").orElse(null);
    change.urgency = urgency(json).orElse(null);
    change.priority = changedPriority(json);
    change.service = service(json).orElse(null);
    change.assignees = assignees(json);
    change.escalationPolicy = policy(json).orElse(null);
    change.escalationLevel = level(json);
    change.resolution = RequestBody.text(json, "resolution").orElse(null);
    return change;
  }

  private static IncidentStatus status(String wire) {
    return IncidentStatus.of(wire)
        .orElseThrow(
            () ->
                PagerDutyException.invalid(
                    "Status must be a list of triggered, acknowledged, or resolved."));
  }

  private static Optional<Urgency> urgency(JsonNode json) {
    return RequestBody.text(json, "urgency")
        .map(
            wire ->
                Urgency.of(wire)
                    .orElseThrow(() -> PagerDutyException.invalid("Urgency must be high or low.")));
  }

  /** "The Incident creation API currently only supports string Incident bodies". */
  private static @Nullable String details(JsonNode json) {
    JsonNode body = json.get("body");
    if (body == null) {
      return null;
    }
    if (!body.isObject() || !RequestBody.text(body, "type").equals(Optional.of("incident_body"))) {
      throw PagerDutyException.invalid("body must have the type incident_body");
    }
    return RequestBody.text(body, "details").orElse(null);
  }

  /** An object, or a name: then the highest priority with that name. */
  private @Nullable Priority changedPriority(JsonNode json) {
    JsonNode priority = json.get("priority");
    if (priority == null) {
      return null;
    }
    return priority(
        priority.isTextual()
            ? priority.textValue()
            : RequestBody.id(priority, "priority", "priority"));
  }

  private Priority priority(String idOrName) {
    return directory
        .priority(idOrName)
        .orElseThrow(() -> PagerDutyException.refused(1020, "Invalid Priority"));
  }

  private Optional<Service> service(JsonNode json) {
    return RequestBody.reference(json, "service", "service")
        .map(
            id ->
                directory
                    .service(id)
                    .filter(service -> service.id().equals(id))
                    .orElseThrow(() -> PagerDutyException.invalid("Service Not Found")));
  }

  private Optional<EscalationPolicy> policy(JsonNode json) {
    return RequestBody.reference(json, "escalation_policy", "escalation_policy")
        .map(
            id ->
                directory
                    .policy(id)
                    .filter(policy -> policy.id().equals(id))
                    .orElseThrow(
                        () -> PagerDutyException.refused(1014, "Escalation Policy Not Found")));
  }

  private @Nullable List<PagerDutyUser> assignees(JsonNode json) {
    JsonNode assignments = json.get("assignments");
    if (assignments == null) {
      return null;
    }
    if (!assignments.isArray()) {
      throw PagerDutyException.invalid("Assignments must be an array");
    }
    return StreamSupport.stream(assignments.spliterator(), false)
        .map(assignment -> RequestBody.id(assignment.path("assignee"), "assignee", "user"))
        .map(
            id ->
                directory
                    .user(id)
                    .orElseThrow(
                        () -> PagerDutyException.refused(1007, "Assigned To User Not Found")))
        .toList();
  }

  private static @Nullable Integer level(JsonNode json) {
    JsonNode level = json.get("escalation_level");
    if (level != null && !level.canConvertToInt()) {
      throw PagerDutyException.invalid("escalation_level must be a number");
    }
    return level == null ? null : level.intValue();
  }
}
