package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import java.util.List;
import java.util.Map;

/** Reads parameters and bodies of calls, and refuses in Jira's words what it cannot read. */
final class JiraRequests {

  private JiraRequests() {}

  static int number(Request request, String name, int otherwise) {
    String given = request.parameter(name).orElse(Integer.toString(otherwise));
    if (!given.matches("\\d{1,9}")) {
      throw JiraException.badRequest("The parameter '" + name + "' must be a number.");
    }
    return Integer.parseInt(given);
  }

  static ObjectNode object(Request request) {
    if (json(request) instanceof ObjectNode object) {
      return object;
    }
    throw JiraException.badRequest("Invalid request payload. Refer to the REST API documentation.");
  }

  static JsonNode json(Request request) {
    if (!request.isJson()) {
      throw new JiraException(415, List.of("Unsupported Media Type"), Map.of());
    }
    JsonNode json =
        Json.read(request.body())
            .orElseThrow(
                () ->
                    JiraException.badRequest(
                        "There was an error parsing JSON. Check that your request body is valid."));
    if (json.isMissingNode()) {
      throw JiraException.badRequest("No content to map to Object due to end of input");
    }
    return json;
  }
}
