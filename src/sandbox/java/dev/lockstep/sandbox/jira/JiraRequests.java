package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

  /**
   * The page of a list that {@code startAt} and {@code maxResults} ask for.
   *
   * @param size of a page, unless the call says otherwise
   * @param largest size a call can ask for
   */
  static <T> ObjectNode page(
      Request request,
      int size,
      int largest,
      String name,
      List<T> all,
      Function<T, ObjectNode> json) {
    int start = number(request, "startAt", 0);
    int most = Math.min(number(request, "maxResults", size), largest);
    ObjectNode page =
        Json.object().put("startAt", start).put("maxResults", most).put("total", all.size());
    page.set(name, Json.array(all.stream().skip(start).limit(most).map(json).toList()));
    return page;
  }

  /** As {@code PageBean} in the OpenAPI document, which also says whether it is the last one. */
  static <T> ObjectNode pageBean(
      Request request, int size, List<T> all, Function<T, ObjectNode> json) {
    ObjectNode page = page(request, size, Integer.MAX_VALUE, "values", all, json);
    long end = page.path("startAt").asLong() + page.path("maxResults").asLong();
    return page.put("isLast", end >= all.size());
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
