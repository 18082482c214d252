package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.RestServer;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a call is answered with. */
record Answer(int status, Map<String, String> headers, String body) {

  private static final Map<String, String> JSON =
      Map.of("Content-Type", "application/json;charset=UTF-8");

  static Answer ok(JsonNode body) {
    return of(200, body);
  }

  static Answer of(int status, JsonNode body) {
    return new Answer(status, JSON, body.toString());
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), "");
  }

  static Answer error(JiraException error) {
    ObjectNode json = Json.object();
    error.errorMessages().forEach(json.putArray("errorMessages")::add);
    error.errors().forEach(json.putObject("errors")::put);
    return of(error.status(), json);
  }

  /** What stands in front of a site knows nothing of its error bodies. */
  static Answer unavailable() {
    return new Answer(
        503,
        Map.of("Content-Type", "text/html"),
        "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>");
  }

  Answer with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Answer(status, all, body);
  }

  RestServer.Reply reply() {
    return new RestServer.Reply(status, headers, body);
  }
}
