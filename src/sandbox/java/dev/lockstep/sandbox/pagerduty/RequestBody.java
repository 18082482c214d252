package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what was sent, and refuses what the OpenAPI document does not allow. */
final class RequestBody {

  private RequestBody() {}

  /** The object under that name, or the whole body when the name is empty. */
  static JsonNode object(Request call, String name) {
    if (!call.isJson()) {
      throw PagerDutyException.invalid("Content-Type must be application/json");
    }
    JsonNode object = name.isEmpty() ? parsed(call) : parsed(call).path(name);
    if (!object.isObject()) {
      throw PagerDutyException.invalid(name + " must be an object");
    }
    return object;
  }

  /** A string that may be left out; null counts as left out nowhere. */
  static Optional<String> text(JsonNode object, String name) {
    JsonNode value = object.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw PagerDutyException.invalid(name + " must be a string");
    }
    return Optional.of(value.textValue());
  }

  static String required(JsonNode object, String name) {
    return text(object, name).orElseThrow(() -> PagerDutyException.invalid(name + " is required"));
  }

  /** The id in a reference of that type, if the reference is there. */
  static Optional<String> reference(JsonNode object, String name, String type) {
    JsonNode reference = object.get(name);
    return reference == null ? Optional.empty() : Optional.of(id(reference, name, type));
  }

  /** {@code Reference} in the OpenAPI document requires both type and id. */
  static String id(JsonNode reference, String name, String type) {
    if (!reference.isObject()) {
      throw PagerDutyException.invalid(name + " must be a reference");
    }
    String given = text(reference, "type").orElse("");
    if (!given.equals(type + "_reference") && !given.equals(type)) {
      throw PagerDutyException.invalid(name + " must have the type " + type + "_reference");
    }
    return text(reference, "id")
        .orElseThrow(() -> PagerDutyException.invalid(name + " must have an id"));
  }

  /** All values of an array parameter; {@code name} has its brackets. */
  static List<String> values(Request call, Set<String> allowed, String name) {
    for (String value : call.values(name)) {
      if (!allowed.contains(value)) {
        throw PagerDutyException.invalid(name + " does not allow " + value);
      }
    }
    return call.values(name);
  }

  private static JsonNode parsed(Request call) {
    JsonNode json =
        Json.read(call.body())
            .orElseThrow(() -> PagerDutyException.invalid("The body is not valid JSON"));
    if (!json.isObject()) {
      throw PagerDutyException.invalid("The body must be a JSON object");
    }
    return json;
  }
}
