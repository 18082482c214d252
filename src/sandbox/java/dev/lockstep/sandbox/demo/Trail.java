package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.Change;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.util.List;

/** Reads the sandboxes for what became of a postmortem's action items. */
final class Trail {
  private static final int DAY = "2027-01-15".length();

  private final Sandboxes sandboxes;
  private final Played played;

  Trail(Sandboxes sandboxes, Played played) {
    this.sandboxes = sandboxes;
    this.played = played;
  }

  /**
   * @param trace of the postmortem's incident, as Lockstep tells it
   */
  Changes judge(JsonNode trace) {
    List<String> told =
        sandboxes.serviceNow().journal(played.reviewed).stream()
            .map(entry -> entry.value())
            .toList();
    List<Changes.Request> requests = requests();
    Traced traced = Traced.of(trace, chain(requests));
    return Changes.of(played.actionItems, requests, told, issues(), traced);
  }

  private Traced.Chain chain(List<Changes.Request> requests) {
    ServiceNowSimulator serviceNow = sandboxes.serviceNow();
    String link = serviceNow.value(played.reviewed, "correlation_id");
    String alert = link.substring(link.lastIndexOf('/') + 1);
    return new Traced.Chain(
        serviceNow.value(played.reviewed, "number"),
        "#" + sandboxes.pagerDuty().incident(alert).number(),
        played.clinics.stream().map(clinic -> serviceNow.value(clinic, "number")).toList(),
        requests);
  }

  private List<Changes.Request> requests() {
    ServiceNowSimulator serviceNow = sandboxes.serviceNow();
    return serviceNow.records("change_request").stream()
        .map(record -> request(serviceNow, record.getOrDefault("sys_id", "")))
        .toList();
  }

  private static Changes.Request request(ServiceNowSimulator serviceNow, String sysId) {
    String due = serviceNow.value(sysId, "requested_by_date");
    return new Changes.Request(
        serviceNow.value(sysId, "number"),
        serviceNow.value(sysId, "short_description"),
        serviceNow.value(sysId, "correlation_id"),
        serviceNow.value(sysId, "assigned_to.email"),
        due.substring(0, Math.min(DAY, due.length())),
        serviceNow.value(sysId, "state"),
        serviceNow.value(sysId, "close_code"));
  }

  private List<Changes.Issue> issues() {
    return sandboxes.jira().stream()
        .flatMap(
            jira ->
                jira.changesBy(Sandboxes.JIRA_USER).stream()
                    .map(Change::issue)
                    .distinct()
                    .map(key -> issue(jira, key)))
        .toList();
  }

  private static Changes.Issue issue(JiraSimulator jira, String key) {
    JsonNode fields = jira.issue(key).path("fields");
    return new Changes.Issue(
        key,
        fields.path("summary").asText(),
        fields.at("/status/name").asText(),
        fields.at("/assignee/emailAddress").asText(),
        fields.path("duedate").asText(""),
        jira.comments(key).stream()
            .filter(comment -> comment.author().email().equals(Sandboxes.JIRA_USER))
            .map(comment -> comment.text())
            .toList());
  }
}
