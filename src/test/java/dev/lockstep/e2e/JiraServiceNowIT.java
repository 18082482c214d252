package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.Application;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.jira.Workflow;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing knows which system is the desk: Jira stands on the left here, and ServiceNow right. */
class JiraServiceNowIT {
  @TempDir private Path data;

  @Test
  void keepsTwoDesksInStep() {
    try (JiraSimulator jira =
            JiraSimulator.start(
                JiraOptions.defaults().account(SystemsAgreement.BOT_EMAIL, "sandbox-token"));
        ServiceNowSimulator serviceNow =
            ServiceNowSimulator.start(new ServiceNowOptions().credentials("lockstep", "pw"))) {
      jira.user("ann", "ann@example.com");
      String annThere = serviceNow.seedUser("ann", "Ann", "ann@example.com");
      jira.serviceProject("OPS", "Operations", Workflow.incidents());
      try (var service = Application.start(settings(jira, serviceNow))) {
        assertThat(service.isRunning()).isTrue();
        plays(jira, serviceNow, annThere);
      }
    }
  }

  private static void plays(JiraSimulator jira, ServiceNowSimulator serviceNow, String annThere) {
    var ann = jira.as("ann");
    String issue = ann.create("OPS", "[System] Incident", "Mail is down");
    ann.describe(issue, "Since noon");
    eventually(() -> assertThat(serviceNow.records("incident")).hasSize(1));
    String ticket = serviceNow.records("incident").get(0).get("sys_id");
    eventually(
        () ->
            assertThat(serviceNow.record(ticket).orElseThrow())
                .containsEntry("description", "Since noon")
                .containsEntry("state", "1"));

    // What looks like markup there is literal text here, comes back as it was, and stays.
    var agent = serviceNow.as("agent");
    String text = "Steps:\n\n1. stop `maild`\n2. see <log> & *wait*\n\n- [x] done";
    agent.update(ticket, Map.of("description", text, "state", "2", "assigned_to", annThere));
    agent.addWorkNote(ticket, "Not for the caller");
    agent.addWorkNote(
        ticket,
        "[code]<p>Vendor: <b>replace&nbsp;PSU</b> &amp; go</p><ul><li>one</li></ul>"
            + "<a href=\"https://kb.example.com/42\">KB 42</a>[/code]");
    String injected = "[code]<img src=x onerror=alert(1)>[/code] *as typed*";
    ann.commentInternally(issue, injected);
    agent.update(ticket, Map.of("comments", "For the caller"));
    eventually(
        () -> {
          assertThat(jira.issue(issue).at("/fields/description/content/1/content"))
              .hasSize(3)
              .anySatisfy(
                  node -> assertThat(node.path("text").asText()).isEqualTo("1. stop `maild`"));
          assertThat(jira.status(issue)).isEqualTo("In Progress");
          assertThat(jira.issue(issue).at("/fields/assignee/emailAddress").asText())
              .isEqualTo("ann@example.com");
          assertThat(comments(jira, issue)).filteredOn(c -> c.contains("Not for")).hasSize(1);
          assertThat(comments(jira, issue)).filteredOn(c -> c.contains("For the c")).hasSize(1);
          assertThat(texts(jira, issue))
              .contains(
                  "Vendor: replace PSU & go", "- one", "KB 42 (", "https://kb.example.com/42");
          assertThat(workNotes(serviceNow, ticket))
              .filteredOn(n -> n.contains("[ code]<img src=x onerror=alert(1)>[ /code] *as typed*"))
              .hasSize(1);
        });
    ann.resolve(issue, "Resolve", "Done");
    eventually(
        () ->
            assertThat(serviceNow.record(ticket).orElseThrow())
                .containsEntry("state", "6")
                .containsEntry("description", text));
    assertThat(jira.issues()).hasSize(1);
    assertThat(serviceNow.records("incident")).hasSize(1);
    atRest(jira, serviceNow);
  }

  /** What is under way ends, and then several requests go by without anything being written. */
  private static void atRest(JiraSimulator jira, ServiceNowSimulator serviceNow) {
    AtomicLong written = new AtomicLong(-1);
    AtomicLong idle = new AtomicLong();
    jira.onRequest(
        exchange -> {
          long now = writes(jira, serviceNow);
          idle.set(written.getAndSet(now) == now ? idle.get() + 1 : 0);
        });
    eventually(() -> assertThat(idle.get()).isGreaterThan(6));
  }

  private static long writes(JiraSimulator jira, ServiceNowSimulator serviceNow) {
    return jira.changesBy(SystemsAgreement.BOT_EMAIL).size() + serviceNow.calls().writes();
  }

  private static List<String> texts(JiraSimulator jira, String issue) {
    return jira.comments(issue).stream()
        .flatMap(comment -> comment.body().findValuesAsText("text").stream())
        .toList();
  }

  private static List<String> workNotes(ServiceNowSimulator serviceNow, String ticket) {
    return serviceNow.journal(ticket).stream().map(JournalEntry::value).toList();
  }

  private static List<String> comments(JiraSimulator jira, String issue) {
    return jira.comments(issue).stream().map(comment -> comment.body().toString()).toList();
  }

  private Map<String, String> settings(JiraSimulator jira, ServiceNowSimulator serviceNow) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("LOCKSTEP_MAPPINGS", "incident");
    settings.put("lockstep.mappings-dir", "src/test/resources/jira-servicenow-mappings");
    settings.put("LOCKSTEP_PORT", "0");
    settings.put("LOCKSTEP_DATA_DIR", data.toString());
    settings.put("LOCKSTEP_DUPLICATES_MODE", "off");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "pw");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "unused-in-this-test");
    settings.put("SERVICENOW_POLL_INTERVAL", "1s");
    settings.put("JIRA_URL", jira.url());
    settings.put("JIRA_USERNAME", SystemsAgreement.BOT_EMAIL);
    settings.put("JIRA_TOKEN", "sandbox-token");
    settings.put("JIRA_PROJECT", "OPS");
    settings.put("JIRA_WEBHOOK_SECRET", "unused-in-this-test");
    settings.put("JIRA_POLL_INTERVAL", "1s");
    return settings;
  }

  private static void eventually(ThrowingRunnable met) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(met);
  }
}
