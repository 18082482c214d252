package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is configured, and who asks. */
final class SiteEndpoints {

  private final Site site;
  private final SiteJson json;
  private final JiraOptions options;

  SiteEndpoints(Site site, SiteJson json, JiraOptions options) {
    this.site = site;
    this.json = json;
    this.options = options;
  }

  Response myself(Request request, Author by) {
    // Their own address everybody may see.
    return Response.ok(
        json.user(by.user()).put("emailAddress", by.user().email()).put("locale", "en_US"));
  }

  Response serverInfo(Request request, Author by) {
    ObjectNode info =
        Json.object()
            .put("baseUrl", json.url("").replace("/rest/api/3", ""))
            .put("version", "1001.0.0-SNAPSHOT")
            .put("deploymentType", "Cloud")
            .put("buildNumber", 100_290)
            .put("buildDate", "2026-11-01T00:00:00.000+0000")
            .put("serverTime", IssueJson.time(options.clock.instant()))
            .put("serverTimeZone", "UTC")
            .put("scmInfo", "0000000000000000000000000000000000000000")
            .put("serverTitle", "Jira");
    info.putArray("versionNumbers").add(1001).add(0).add(0);
    return Response.ok(info);
  }

  Response project(Request request, Author by) {
    Project project = site.requireProject(request.id());
    ObjectNode shown = json.project(project);
    ArrayNode types = shown.putArray("issueTypes");
    for (NamedValue type : project.issueTypes()) {
      types
          .addObject()
          .put("self", json.url("/issuetype/" + type.id()))
          .put("id", type.id())
          .put("name", type.name())
          .put("description", "")
          .put("subtask", false);
    }
    return Response.ok(shown);
  }

  Response components(Request request, Author by) {
    Project project = site.requireProject(request.id());
    ArrayNode all = Json.array();
    site.components(project)
        .forEach(each -> all.add(json.component(each).put("project", project.key())));
    return Response.ok(all);
  }

  Response component(Request request, Author by) {
    String id = request.id();
    return Response.ok(
        site.component(id)
            .map(json::component)
            .orElseThrow(
                () -> JiraException.notFound("The component with id " + id + " does not exist.")));
  }

  Response priorities(Request request, Author by) {
    return Response.ok(Json.array(Site.PRIORITIES.stream().map(this::priority).toList()));
  }

  Response prioritySearch(Request request, Author by) {
    return Response.ok(JiraRequests.pageBean(request, 50, Site.PRIORITIES, this::priority));
  }

  Response statuses(Request request, Author by) {
    ArrayNode all = Json.array();
    site.statuses().forEach(status -> all.add(json.status(status)));
    return Response.ok(all);
  }

  Response linkTypes(Request request, Author by) {
    ObjectNode shown = Json.object();
    ArrayNode all = shown.putArray("issueLinkTypes");
    Site.LINK_TYPES.forEach(type -> all.add(json.linkType(type)));
    return Response.ok(shown);
  }

  Response fields(Request request, Author by) {
    ArrayNode all = Json.array();
    for (String field :
        List.of("summary", "description", "priority", "labels", "assignee", "reporter", "status")) {
      String name = field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1);
      ObjectNode shown = all.addObject().put("id", field).put("key", field).put("name", name);
      shown.put("custom", false).put("orderable", true).put("navigable", true);
      shown.put("searchable", true).putArray("clauseNames").add(field);
      shown.set("schema", schema(field, null));
    }
    new TreeMap<>(site.customFields())
        .values()
        .forEach(
            field -> {
              ObjectNode shown =
                  all.addObject()
                      .put("id", field.id())
                      .put("key", field.id())
                      .put("name", field.name())
                      .put("custom", true)
                      .put("orderable", true)
                      .put("navigable", true)
                      .put("searchable", true);
              shown.putArray("clauseNames").add("cf[" + field.number() + "]").add(field.name());
              shown.set("schema", schema(field.id(), field));
            });
    return Response.ok(all);
  }

  static ObjectNode schema(String field, @Nullable CustomField custom) {
    if (custom != null) {
      return Json.object()
          .put("type", custom.type().schema())
          .put("custom", custom.type().custom())
          .put("customId", custom.number());
    }
    String type =
        switch (field) {
          case "priority", "status", "resolution", "issuetype", "project" -> field;
          case "assignee", "reporter" -> "user";
          case "labels" -> "array";
          case "duedate" -> "date";
          case "comment" -> "comments-page";
          default -> "string";
        };
    ObjectNode schema = Json.object().put("type", type).put("system", field);
    return type.equals("array") ? schema.put("items", "string") : schema;
  }

  private ObjectNode priority(NamedValue priority) {
    return Json.object()
        .put("self", json.url("/priority/" + priority.id()))
        .put("statusColor", "#999999")
        .put("description", "")
        .put("iconUrl", json.url("/priority/" + priority.id() + "/icon"))
        .put("name", priority.name())
        .put("id", priority.id())
        .put("isDefault", priority.id().equals("3"));
  }
}
