package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;

/** {@code /issue/{id}/properties}: what programs keep at an issue. */
final class PropertyEndpoints {

  private final IssueStore store;
  private final IssueJson json;

  PropertyEndpoints(IssueStore store, IssueJson json) {
    this.store = store;
    this.json = json;
  }

  Response keys(Request request, Author by) {
    return Response.ok(
        store.read(
            request.id(),
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

  Response get(Request request, Author by) {
    String key = request.variables().get(1);
    return Response.ok(
        store.read(
            request.id(),
            issue -> {
              JsonNode value = issue.properties.get(key);
              if (value == null) {
                throw JiraException.notFound("The property with key '" + key + "' does not exist.");
              }
              return Json.object().put("key", key).set("value", value);
            }));
  }

  Response set(Request request, Author by) {
    boolean added =
        store
            .properties()
            .set(by, request.id(), request.variables().get(1), JiraRequests.json(request));
    return Response.empty(added ? 201 : 200);
  }

  Response delete(Request request, Author by) {
    store.properties().delete(by, request.id(), request.variables().get(1));
    return Response.empty(204);
  }
}
