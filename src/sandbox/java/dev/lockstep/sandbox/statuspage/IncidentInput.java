package dev.lockstep.sandbox.statuspage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a create or an update sends; what is null is left as it is. Refuses what {@code
 * postPagesPageIdIncidents} in the OpenAPI document does not allow.
 *
 * @param components component id to its new status
 */
record IncidentInput(
    @Nullable String name,
    @Nullable PageIncidentStatus status,
    @Nullable String impactOverride,
    @Nullable String body,
    @Nullable JsonNode metadata,
    @Nullable List<String> componentIds,
    Map<String, String> components,
    boolean deliverNotifications,
    boolean backfilled) {

  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_BODY = 25_000;
  private static final Set<String> IMPACTS =
      Set.of("none", "maintenance", "minor", "major", "critical");

  /** Only a text, as a person writes it on the page. */
  static IncidentInput of(@Nullable PageIncidentStatus status, @Nullable String body) {
    return new IncidentInput(null, status, null, body, null, null, Map.of(), true, false);
  }

  static IncidentInput read(Request call) {
    if (!call.isJson()) {
      throw new StatuspageException(400, "Content-Type must be application/json");
    }
    JsonNode sent =
        Json.read(call.body())
            .map(json -> json.path("incident"))
            .filter(JsonNode::isObject)
            .orElseThrow(() -> new StatuspageException(400, "incident must be an object"));
    String status = text(sent, "status");
    IncidentInput input =
        new IncidentInput(
            text(sent, "name"),
            status == null ? null : PageIncidentStatus.of(status),
            text(sent, "impact_override"),
            text(sent, "body"),
            sent.get("metadata"),
            ids(sent),
            statuses(sent),
            flag(sent, "deliver_notifications", true),
            flag(sent, "backfilled", false));
    input.check();
    return input;
  }

  private void check() {
    if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
      throw StatuspageException.invalid("name must have 1 to 255 characters");
    }
    if (body != null && body.length() > LONGEST_BODY) {
      throw StatuspageException.invalid("body must have at most 25000 characters");
    }
    if (impactOverride != null && !IMPACTS.contains(impactOverride)) {
      throw StatuspageException.invalid("impact_override is not a known impact");
    }
    if (metadata != null
        && (!metadata.isObject()
            || metadata.properties().stream().anyMatch(each -> !each.getValue().isObject()))) {
      throw StatuspageException.invalid("metadata: all top-level values must be objects");
    }
    if (backfilled && (componentIds != null || !components.isEmpty())) {
      throw StatuspageException.invalid("components cannot be specified if backfilled");
    }
  }

  private static @Nullable String text(JsonNode sent, String key) {
    JsonNode value = sent.get(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new StatuspageException(400, key + " must be a string");
    }
    return value.textValue();
  }

  private static boolean flag(JsonNode sent, String key, boolean otherwise) {
    JsonNode value = sent.get(key);
    if (value == null) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw new StatuspageException(400, key + " must be a boolean");
    }
    return value.booleanValue();
  }

  private static @Nullable List<String> ids(JsonNode sent) {
    JsonNode list = sent.get("component_ids");
    if (list == null) {
      return null;
    }
    List<String> ids = new ArrayList<>();
    list.forEach(id -> ids.add(id.asText()));
    return ids;
  }

  private static Map<String, String> statuses(JsonNode sent) {
    JsonNode map = sent.path("components");
    if (!map.isMissingNode() && !map.isObject()) {
      throw new StatuspageException(400, "components must be an object");
    }
    Map<String, String> statuses = new LinkedHashMap<>();
    map.properties().forEach(each -> statuses.put(each.getKey(), each.getValue().asText()));
    statuses
        .values()
        .forEach(
            status -> {
              if (!PageComponent.STATUSES.contains(status)) {
                throw StatuspageException.invalid("components: " + status + " is no status");
              }
            });
    return statuses;
  }
}
