package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.jira.Workflow;
import dev.lockstep.sandbox.servicenow.ChangeOutcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Action items that live in Jira and are changed in ServiceNow: three systems, one trail. */
class FollowUpIT {
  private static final String TOKEN = "sandbox-token";

  private static JiraSimulator jira() {
    JiraSimulator jira =
        JiraSimulator.start(JiraOptions.defaults().account(SystemsAgreement.BOT_EMAIL, TOKEN));
    Rig.PEOPLE.forEach(person -> jira.user(person, person + "@example.com"));
    jira.project("ENG", "Engineering", Workflow.simple());
    return jira;
  }

  private static Map<String, String> with(JiraSimulator jira) {
    Map<String, String> settings = new HashMap<>();
    settings.put("LOCKSTEP_MAPPINGS", "incident,action-item,follow-up.jira");
    settings.put("JIRA_URL", jira.url());
    settings.put("JIRA_USERNAME", SystemsAgreement.BOT_EMAIL);
    settings.put("JIRA_TOKEN", TOKEN);
    settings.put("JIRA_PROJECT", "ENG");
    settings.put("JIRA_WEBHOOK_SECRET", "jira-webhook-secret");
    settings.put("JIRA_POLL_INTERVAL", "1s");
    settings.put("JIRA_SEARCH_SETTLES_WITHIN", "1s");
    settings.put("JIRA_CALLS_PER_MINUTE", "60000");
    return settings;
  }

  private static List<Map<String, String>> changes(Rig rig) {
    return rig.serviceNow.records("change_request");
  }

  private static String incident(Rig rig) {
    String ticket =
        rig.serviceNow
            .as("ann")
            .create(
                "incident",
                Map.of(
                    "short_description", "Patient records are down",
                    "impact", "1",
                    "urgency", "1",
                    "cmdb_ci", rig.sysId("Patient records"),
                    "caller_id", rig.sysId("ben")));
    rig.await("it is paired", () -> !rig.serviceNow.value(ticket, "correlation_id").isEmpty());
    return ticket;
  }

  @Test
  void theIssueAPostmortemNamesFollowsTheChange() {
    try (JiraSimulator jira = jira();
        Rig rig = Rig.started("follow-up-named", with(jira))) {
      jira.webhooks()
          .register(
              URI.create("http://127.0.0.1:" + rig.lockstep.port() + "/webhooks/jira"),
              "jira-webhook-secret",
              "project = ENG");
      String ticket = incident(rig);
      String issue = jira.as("ann").create("ENG", "Task", "Add an index to the session table");
      String document =
          "# Postmortem of %s\n\n## Action items\n\n- [ ] Add an index to the session table (ben@example.com, 2026-12-01) %s\n"
              .formatted(rig.serviceNow.value(ticket, "number"), issue);
      assertThat(
              rig.lockstep
                  .postmortem("text/markdown", document.getBytes(StandardCharsets.UTF_8))
                  .statusCode())
          .isEqualTo(200);
      rig.await("one change", () -> changes(rig).size() == 1);
      rig.await(
          "the issue has owner, date and status",
          () ->
              jira.issue(issue).at("/fields/duedate").asText().equals("2026-12-01")
                  && jira.issue(issue).at("/fields/assignee/displayName").asText().equals("ben")
                  && jira.status(issue).equals("In Progress"));
      rig.serviceNow
          .as("ann")
          .carryOut(changes(rig).get(0).get("sys_id"), ChangeOutcome.SUCCESSFUL, "Done.");
      rig.await("the issue is done", () -> jira.status(issue).equals("Done"));
      rig.awaitQuiet();
      assertThat(changes(rig)).hasSize(1);
      assertThat(jira.issues()).hasSize(1);
      assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    }
  }

  @Test
  void whatASearchInJiraFindsBecomesAChange() {
    try (JiraSimulator jira = jira();
        Rig rig = Rig.started("follow-up-found", with(jira))) {
      String ticket = incident(rig);
      String issue =
          jira.as("ann")
              .create(
                  "ENG",
                  "Task",
                  "Alert on connections, after " + rig.serviceNow.value(ticket, "number"));
      jira.as("ann").assign(issue, "cid@example.com");
      jira.as("ann").edit(issue, "duedate", TextNode.valueOf("2026-12-05"));
      rig.await("one change", () -> changes(rig).size() == 1);
      Map<String, String> change = changes(rig).get(0);
      assertThat(rig.serviceNow.value(change.get("sys_id"), "assigned_to.email"))
          .isEqualTo("cid@example.com");
      assertThat(change.get("requested_by_date")).startsWith("2026-12-05");
      assertThat(change.get("parent")).isEqualTo(ticket);
      rig.awaitQuiet();
      assertThat(changes(rig)).hasSize(1);
      assertThat(jira.issues()).hasSize(1);
      assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    }
  }
}
