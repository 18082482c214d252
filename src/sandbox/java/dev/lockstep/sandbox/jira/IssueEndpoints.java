package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.jira.Workflow.Transition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code /issue}: create, read, edit, delete, transitions, changelog. */
final class IssueEndpoints {

  private static final int CHANGELOG_PAGE = 100;
  private static final int NEWEST_CHANGES = 40;

  private final Site site;
  private final IssueStore store;
  private final IssueJson json;
  private final ScreenEndpoints screens;

  IssueEndpoints(Site site, IssueStore store, IssueJson json, ScreenEndpoints screens) {
    this.site = site;
    this.store = store;
    this.json = json;
    this.screens = screens;
  }

  Response create(Request request, Author by) {
    Issue issue = store.create(by, JiraRequests.object(request));
    return Response.json(
        201,
        Json.object()
            .put("id", issue.id)
            .put("key", issue.key())
            .put("self", json.url("/issue/" + issue.id)));
  }

  Response get(Request request, Author by) {
    return Response.ok(store.read(request.id(), issue -> shown(request, issue)));
  }

  Response edit(Request request, Author by) {
    String id = request.id();
    store.edit(by, id, JiraRequests.object(request));
    return request.flag("returnIssue")
        ? Response.ok(store.read(id, issue -> shown(request, issue)))
        : Response.empty(204);
  }

  Response delete(Request request, Author by) {
    store.delete(by, request.id());
    return Response.empty(204);
  }

  /** A transition that is not open is simply missing, also if it was asked for by its id. */
  Response transitions(Request request, Author by) {
    boolean withFields = request.list("expand").contains("transitions.fields");
    String wanted = request.parameter("transitionId").orElse("");
    ObjectNode shown = Json.object().put("expand", "transitions");
    ArrayNode all = shown.putArray("transitions");
    store.transitions(request.id()).stream()
        .filter(transition -> wanted.isEmpty() || transition.id().equals(wanted))
        .forEach(transition -> all.add(shown(transition, withFields)));
    return Response.ok(shown);
  }

  Response transition(Request request, Author by) {
    store.transition(by, request.id(), JiraRequests.object(request));
    return Response.empty(204);
  }

  Response changelog(Request request, Author by) {
    return Response.ok(
        store.read(
            request.id(),
            issue ->
                JiraRequests.pageBean(request, CHANGELOG_PAGE, issue.histories, json::history)));
  }

  private ObjectNode shown(Request request, Issue issue) {
    List<String> fields = request.list("fields");
    ObjectNode shown = json.issue(issue, fields.isEmpty() ? List.of("*all") : fields);
    List<String> properties = request.list("properties");
    if (!properties.isEmpty()) {
      ObjectNode asked = shown.putObject("properties");
      issue.properties.forEach(
          (key, value) -> {
            boolean all = properties.contains("*all") && !properties.contains("-" + key);
            if (all || properties.contains(key)) {
              asked.set(key, value);
            }
          });
    }
    if (request.list("expand").contains("changelog")) {
      // "sorted by date, starting from the most recent"
      List<Issue.History> newest = new ArrayList<>(issue.histories);
      Collections.reverse(newest);
      List<Issue.History> page = newest.subList(0, Math.min(NEWEST_CHANGES, newest.size()));
      ObjectNode changelog =
          shown
              .putObject("changelog")
              .put("startAt", 0)
              .put("maxResults", page.size())
              .put("total", newest.size());
      ArrayNode histories = changelog.putArray("histories");
      page.forEach(history -> histories.add(json.history(history)));
    }
    return shown;
  }

  private ObjectNode shown(Transition transition, boolean withFields) {
    ObjectNode shown =
        Json.object()
            .put("id", transition.id())
            .put("name", transition.name())
            .put("hasScreen", !transition.screen().isEmpty())
            .put("isGlobal", transition.from().isEmpty())
            .put("isInitial", false)
            .put("isAvailable", true)
            .put("isConditional", false)
            .put("isLooped", false);
    shown.set("to", json.config().status(site.statusNamed(transition.to()).orElseThrow()));
    if (withFields) {
      ObjectNode fields = shown.putObject("fields");
      transition
          .screen()
          .forEach(
              field ->
                  fields.set(
                      field, screens.field(field, transition.required().contains(field), false)));
    }
    return shown;
  }
}
