package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.RestServer;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a call is answered with. */
record Answer(int status, Map<String, String> headers, String body) {

  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  static Answer ok(ObjectNode body) {
    return new Answer(200, JSON, body.toString());
  }

  static Answer created(ObjectNode body) {
    return new Answer(201, JSON, body.toString());
  }

  /** The one object a body consists of, under its name. */
  static ObjectNode wrapped(String name, JsonNode object) {
    return ReferenceJson.object().set(name, object);
  }

  static Answer error(PagerDutyException error) {
    ObjectNode json = ReferenceJson.object();
    ObjectNode details = json.putObject("error");
    details.put("message", error.getMessage()).put("code", error.code());
    if (!error.errors().isEmpty()) {
      error.errors().forEach(details.putArray("errors")::add);
    }
    return new Answer(error.status(), JSON, json.toString());
  }

  /** Load balancers in front of an API know nothing of its error bodies. */
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
