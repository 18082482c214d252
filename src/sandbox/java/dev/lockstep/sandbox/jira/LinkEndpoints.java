package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.util.Map;
import java.util.TreeMap;

/** Links between issues, and from an issue to things elsewhere. */
final class LinkEndpoints {

  private static final int LONGEST_GLOBAL_ID = 255;

  private final IssueStore store;
  private final IssueJson json;

  LinkEndpoints(IssueStore store, IssueJson json) {
    this.store = store;
    this.json = json;
  }

  Response link(Request request, Author by) {
    ObjectNode body = JiraRequests.object(request);
    JsonNode type = body.path("type");
    LinkType known =
        Site.LINK_TYPES.stream()
            .filter(
                each ->
                    each.id().equals(type.path("id").asText())
                        || each.name().equals(type.path("name").asText()))
            .findFirst()
            .orElseThrow(
                () ->
                    JiraException.notFound(
                        "No issue link type with name '%s' found."
                            .formatted(type.path("name").asText())));
    String inward = idOrKey(body.path("inwardIssue"));
    String outward = idOrKey(body.path("outwardIssue"));
    if (body.has("comment")) {
      IssueComments.check(body.path("comment"));
    }
    store.links().link(by, known, inward, outward);
    if (body.has("comment")) {
      store.comments().add(by, inward, body.path("comment"));
    }
    return Response.empty(201);
  }

  Response get(Request request, Author by) {
    synchronized (store) {
      return Response.ok(json.link(store.links().linkOf(linkId(request))));
    }
  }

  Response unlink(Request request, Author by) {
    store.links().unlink(by, linkId(request));
    return Response.empty(204);
  }

  /** "400: Returned if the issue link ID is invalid." */
  private static String linkId(Request request) {
    String id = request.id();
    if (!id.matches("\\d+")) {
      throw JiraException.badRequest("The issue link id '" + id + "' is invalid.");
    }
    return id;
  }

  Response remoteLinks(Request request, Author by) {
    String wanted = request.parameter("globalId").orElse("");
    return Response.ok(
        store.read(
            request.id(),
            issue -> {
              ArrayNode all = Json.array();
              issue.remoteLinks.forEach((id, link) -> all.add(shown(issue, id, link)));
              if (wanted.isEmpty()) {
                return all;
              }
              for (JsonNode link : all) {
                if (link.path("globalId").asText().equals(wanted)) {
                  return link;
                }
              }
              throw JiraException.notFound("Remote issue link with global ID does not exist.");
            }));
  }

  Response remoteLink(Request request, Author by) {
    ObjectNode body = JiraRequests.object(request);
    Map<String, String> errors = new TreeMap<>();
    for (String field : new String[] {"title", "url"}) {
      if (body.path("object").path(field).asText().isBlank()) {
        errors.put(field, "'" + field + "' is required.");
      }
    }
    if (body.path("globalId").asText().length() > LONGEST_GLOBAL_ID) {
      errors.put("globalId", "'globalId' cannot be longer than 255 characters.");
    }
    if (!errors.isEmpty()) {
      throw JiraException.fields(errors);
    }
    IssueLinks.RemoteLink link = store.links().remoteLink(by, request.id(), body);
    return store.read(
        request.id(),
        issue ->
            Response.json(
                link.added() ? 201 : 200,
                Json.object().put("id", link.id()).put("self", remoteUrl(issue, link.id()))));
  }

  Response deleteRemoteLink(Request request, Author by) {
    try {
      int id = Integer.parseInt(request.variables().get(1));
      store.links().deleteRemoteLink(by, request.id(), id);
    } catch (NumberFormatException e) {
      throw JiraException.badRequest("Remote link ids are numbers.");
    }
    return Response.empty(204);
  }

  private ObjectNode shown(Issue issue, int id, JsonNode link) {
    ObjectNode shown = Json.object().put("id", id).put("self", remoteUrl(issue, id));
    for (String field : new String[] {"globalId", "application", "relationship", "object"}) {
      if (link.has(field)) {
        shown.set(field, link.path(field));
      }
    }
    return shown;
  }

  private String remoteUrl(Issue issue, int id) {
    return json.url("/issue/" + issue.key() + "/remotelink/" + id);
  }

  private static String idOrKey(JsonNode issue) {
    return issue.has("key") ? issue.path("key").asText() : issue.path("id").asText();
  }
}
