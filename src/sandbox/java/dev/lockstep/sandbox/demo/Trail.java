package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.IssueChange;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.util.List;

/** Reads the sandboxes for what became of a postmortem's action items. */
final class Trail {
  private static final int DAY = "2027-01-15".length();

  private final SimulatedSystems systems;
  private final ScenarioFacts facts;

  Trail(SimulatedSystems systems, ScenarioFacts facts) {
    this.systems = systems;
    this.facts = facts;
  }

  /**
   * @param trace of the postmortem's incident, as Lockstep tells it
   */
  ActionItemCheck judge(JsonNode trace) {
    List<String> told =
        systems.serviceNow().journal(facts.reviewed).stream().map(entry -> entry.value()).toList();
    List<ActionItemCheck.Request> requests = requests();
    TraceCheck traced = TraceCheck.of(trace, chain(requests));
    return ActionItemCheck.of(facts.actionItems, requests, told, issues(), traced);
  }

  private TraceCheck.Chain chain(List<ActionItemCheck.Request> requests) {
    ServiceNowSimulator serviceNow = systems.serviceNow();
    String link = serviceNow.value(facts.reviewed, "correlation_id");
    String alert = link.substring(link.lastIndexOf('/') + 1);
    return new TraceCheck.Chain(
        serviceNow.value(facts.reviewed, "number"),
        "#" + systems.pagerDuty().incident(alert).number(),
        facts.clinics.stream().map(clinic -> serviceNow.value(clinic, "number")).toList(),
        requests);
  }

  private List<ActionItemCheck.Request> requests() {
    ServiceNowSimulator serviceNow = systems.serviceNow();
    return serviceNow.records("change_request").stream()
        .map(record -> request(serviceNow, record.getOrDefault("sys_id", "")))
        .toList();
  }

  private static ActionItemCheck.Request request(ServiceNowSimulator serviceNow, String sysId) {
    String due = serviceNow.value(sysId, "requested_by_date");
    return new ActionItemCheck.Request(
        serviceNow.value(sysId, "number"),
        serviceNow.value(sysId, "short_description"),
        serviceNow.value(sysId, "correlation_id"),
        serviceNow.value(sysId, "assigned_to.email"),
        due.substring(0, Math.min(DAY, due.length())),
        serviceNow.value(sysId, "state"),
        serviceNow.value(sysId, "close_code"));
  }

  private List<ActionItemCheck.Issue> issues() {
    return systems.jira().stream()
        .flatMap(
            jira ->
                jira.changesBy(SimulatedSystems.JIRA_USER).stream()
                    .map(IssueChange::issue)
                    .distinct()
                    .map(key -> issue(jira, key)))
        .toList();
  }

  private static ActionItemCheck.Issue issue(JiraSimulator jira, String key) {
    JsonNode fields = jira.issue(key).path("fields");
    return new ActionItemCheck.Issue(
        key,
        fields.path("summary").asText(),
        fields.at("/status/name").asText(),
        fields.at("/assignee/emailAddress").asText(),
        fields.path("duedate").asText(""),
        jira.comments(key).stream()
            .filter(comment -> comment.author().email().equals(SimulatedSystems.JIRA_USER))
            .map(comment -> comment.text())
            .toList());
  }
}
