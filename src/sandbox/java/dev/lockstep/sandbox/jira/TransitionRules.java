package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.jira.Workflow.Transition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which transitions are open to an issue, and what one of them sets. */
final class TransitionRules {

  private final Site site;
  private final FieldRules rules;
  private final FieldDisplay display;

  TransitionRules(Site site, FieldRules rules, FieldDisplay display) {
    this.site = site;
    this.rules = rules;
    this.display = display;
  }

  List<Transition> open(Issue issue) {
    String status = statusName(issue);
    return issue.project.workflow().transitions().stream()
        .filter(transition -> transition.openFrom(status))
        .toList();
  }

  /**
   * @throws JiraException when the issue has no such transition, or it is not open now
   */
  Transition chosen(Issue issue, JsonNode id) {
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw JiraException.badRequest("Missing 'transition' identifier");
    }
    Transition transition =
        issue.project.workflow().transitions().stream()
            .filter(each -> each.id().equals(id.asText()))
            .findFirst()
            .orElseThrow(
                () ->
                    JiraException.badRequest(
                        "Transition id '" + id.asText() + "' is not valid for this issue."));
    if (!transition.openFrom(statusName(issue))) {
      throw JiraException.badRequest(
          "It seems that you have tried to perform a workflow operation (%s) that is not valid for the current state of this issue (%s). The likely cause is that somebody has changed the issue recently, please look at the issue history for details."
              .formatted(transition.name(), issue.key()));
    }
    return transition;
  }

  /**
   * The fields after the transition.
   *
   * @throws JiraException when a field is not on its screen, is invalid, or is missing
   */
  Map<String, JsonNode> values(Issue issue, Transition transition, IssueInput input) {
    Map<String, JsonNode> values =
        input.checked(issue.project, rules, transition.screen()::contains);
    if (!input.comments().isEmpty() && !transition.screen().contains("comment")) {
      throw FieldRules.notOnScreen("comment");
    }
    input.comments().forEach(IssueComments::check);
    Map<String, String> missing = new TreeMap<>();
    for (String field : transition.required()) {
      JsonNode after = values.getOrDefault(field, issue.get(field));
      boolean there =
          field.equals("comment")
              ? !input.comments().isEmpty()
              : !after.isNull() && !(after.isArray() && after.isEmpty());
      if (!there) {
        missing.put(field, display.nameOf(field) + " is required.");
      }
    }
    if (!missing.isEmpty()) {
      throw JiraException.fields(missing);
    }
    Map<String, JsonNode> all = new LinkedHashMap<>(values);
    WorkflowStatus to = site.statusNamed(transition.to()).orElseThrow();
    all.put("status", Json.text(to.id()));
    if (to.category() != WorkflowStatus.Category.DONE) {
      all.put("resolution", Json.NULL);
    } else if (transition.setsResolution() && issue.get("resolution").isNull()) {
      all.putIfAbsent("resolution", Json.text(Site.RESOLUTIONS.get(0).id()));
    }
    return all;
  }

  private String statusName(Issue issue) {
    return site.status(issue.text("status")).name();
  }
}
