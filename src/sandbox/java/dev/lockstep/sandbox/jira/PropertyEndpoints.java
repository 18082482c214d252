package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.jira.Routes.Request;

/** {@code /issue/{id}/properties}: what programs keep at an issue. */
final class PropertyEndpoints {

  private final IssueStore tracker;
  private final IssueJson json;

  PropertyEndpoints(IssueStore tracker, IssueJson json) {
    this.tracker = tracker;
    this.json = json;
  }

  Answer keys(Request request) {
    return Answer.ok(
        tracker.read(
            request.path().get(0),
            issue -> {
              ObjectNode shown = Json.object();
              ArrayNode keys = shown.putArray("keys");
              issue
                  .properties
                  .keySet()
                  .forEach(
                      key ->
                          keys.addObject()
                              .put("self", json.url("/issue/" + issue.id + "/properties/" + key))
                              .put("key", key));
              return shown;
            }));
  }

  Answer get(Request request) {
    String key = request.path().get(1);
    return Answer.ok(
        tracker.read(
            request.path().get(0),
            issue -> {
              JsonNode value = issue.properties.get(key);
              if (value == null) {
                throw JiraException.notFound("The property with key '" + key + "' does not exist.");
              }
              return Json.object().put("key", key).set("value", value);
            }));
  }

  Answer set(Request request) {
    boolean added =
        tracker.setProperty(
            request.actor(), request.path().get(0), request.path().get(1), request.call().json());
    return Answer.empty(added ? 201 : 200);
  }

  Answer delete(Request request) {
    tracker.deleteProperty(request.actor(), request.path().get(0), request.path().get(1));
    return Answer.empty(204);
  }
}
