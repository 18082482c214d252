package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.IssueChange;
import dev.lockstep.sandbox.jira.JiraSimulator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads from the simulated Jira what the checks compare; nothing where there is no Jira. */
final class IssueReader {
  private static final String LINK = "lockstep:";

  private final SimulatedSystems systems;

  IssueReader(SimulatedSystems systems) {
    this.systems = systems;
  }

  /** The issues that are incidents, whoever opened them. */
  List<AgreementCheck.RecordView> incidents() {
    return systems.jira().stream()
        .flatMap(
            jira ->
                keys(jira.issues().stream(), SimulatedSystems.INCIDENTS_PROJECT)
                    .map(key -> incident(jira, key)))
        .toList();
  }

  /** Those that stand for this ticket, oldest first. */
  List<AgreementCheck.RecordView> incidentsOf(String sysId) {
    return incidents().stream()
        .filter(issue -> AgreementCheck.ticketOf(issue).equals(sysId))
        .toList();
  }

  /** The product's issues that Lockstep wrote to. */
  List<ActionItemCheck.Issue> actionItems() {
    return systems.jira().stream()
        .flatMap(
            jira ->
                keys(
                        jira.changesBy(SimulatedSystems.JIRA_USER).stream()
                            .map(IssueChange::issue)
                            .distinct(),
                        SimulatedSystems.PRODUCT_PROJECT)
                    .map(key -> actionItem(jira, key)))
        .toList();
  }

  private static Stream<String> keys(Stream<String> keys, String project) {
    return keys.filter(key -> key.startsWith(project + "-"));
  }

  private static AgreementCheck.RecordView incident(JiraSimulator jira, String key) {
    JsonNode issue = jira.issue(key);
    return new AgreementCheck.RecordView(
        key,
        key,
        link(issue.at("/fields/labels")),
        FieldState.of(issue),
        jira.comments(key).stream()
            .map(
                comment ->
                    new NoteLine(
                        comment.text(), ours(comment.author().email()), comment.isPublic()))
            .toList());
  }

  private static String link(JsonNode labels) {
    return StreamSupport.stream(labels.spliterator(), false)
        .map(JsonNode::asText)
        .filter(label -> label.startsWith(LINK))
        .map(label -> label.substring(LINK.length()))
        .findFirst()
        .orElse("");
  }

  private static ActionItemCheck.Issue actionItem(JiraSimulator jira, String key) {
    JsonNode fields = jira.issue(key).path("fields");
    return new ActionItemCheck.Issue(
        key,
        fields.path("summary").asText(),
        fields.at("/status/name").asText(),
        fields.at("/assignee/emailAddress").asText(),
        fields.path("duedate").asText(""),
        jira.comments(key).stream()
            .filter(comment -> ours(comment.author().email()))
            .map(comment -> comment.text())
            .toList());
  }

  private static boolean ours(String email) {
    return email.equals(SimulatedSystems.JIRA_USER);
  }
}
