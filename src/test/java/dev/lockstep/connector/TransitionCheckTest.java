package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.Finding.Status;
import dev.lockstep.sandbox.jira.CustomField;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraPerson;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.jira.Workflow;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What {@code check} finds out about transitions of a simulated project, with the check that ships.
 */
final class TransitionCheckTest {
  private static final Set<String> MAPPED = Set.of("fields.summary", "fields.status.name");
  private static final Set<String> UPDATED = Set.of("fields.summary", "fields.status.name");
  private static final Set<String> RESOLVED =
      Set.of("fields.summary", "fields.status.name", "fields.resolution.name");
  private static final Map<String, Set<String>> STATES =
      Map.of("Open", UPDATED, "In Progress", UPDATED, "Resolved", RESOLVED);

  private static Optional<Finding> check(
      Workflow workflow, Map<String, Set<String>> states, String... statuses) {
    try (JiraSimulator jira =
        JiraSimulator.start(
            JiraOptions.defaults().account("lockstep@example.com", "sandbox-token"))) {
      jira.customField("customfield_10054", "Root cause", CustomField.Type.TEXT);
      jira.user("maya", "maya@example.com");
      jira.serviceProject("OPS", "Operations", workflow);
      JiraPerson maya = jira.as("maya");
      for (String status : statuses) {
        String issue = maya.create("OPS", "[System] Incident", "Portal is down");
        if (!status.equals("Open")) {
          maya.transition(issue, "Start progress");
        }
      }
      Map<String, String> settings = new HashMap<>(ConnectorKit.settings(1));
      settings.put("JIRA_URL", jira.url());
      settings.put("JIRA_TOKEN", "sandbox-token");
      settings.put("JIRA_READ_TIMEOUT", "20s");
      try (ConnectorKit kit =
          new ConnectorKit(List.of(Path.of("connectors")), settings, Clock.systemUTC(), MAPPED)) {
        CheckedKind kind =
            new CheckedKind(
                "jira",
                "incident",
                MAPPED,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of("incident.jira", states));
        return kit.check("jira", kind).stream()
            .filter(f -> f.check().equals("incident: transitions"))
            .findFirst();
      }
    }
  }

  @Test
  void passesIfTheMappingWritesWhatTransitionsRequire() {
    assertThat(check(Workflow.incidents(), STATES, "Open", "In Progress", "In Progress"))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.status()).isEqualTo(Status.PASS);
              assertThat(finding.found())
                  .isEqualTo("transitions to In Progress, Open, Resolved need no other field");
            });
  }

  @Test
  void namesTheTransitionAndTheFieldThatTheMappingDoesNotFill() {
    Workflow workflow = Workflow.incidents();
    workflow.requires("Resolve", "resolution", "customfield_10054");
    assertThat(check(workflow, STATES, "Open", "In Progress"))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.status()).isEqualTo(Status.FAIL);
              assertThat(finding.found())
                  .isEqualTo(
                      "'Resolve' from In Progress to Resolved requires Root cause"
                          + " (customfield_10054), which incident.jira does not write with it");
              assertThat(finding.advice()).contains("Let the mapping `fill` these fields");
            });
    assertThat(check(Workflow.incidents(), Map.of("Resolved", UPDATED), "In Progress"))
        .hasValueSatisfying(
            finding ->
                assertThat(finding.found()).contains("requires Resolution (resolution), which"));
  }

  /** Jira marks it as required on every screen that has it. */
  @Test
  void whatTheIssueHasAlreadyIsNotMissing() {
    Workflow workflow = Workflow.incidents();
    workflow.requires("Resolve", "resolution", "summary", "reporter");
    assertThat(check(workflow, Map.of("Resolved", Set.of("fields.resolution.name")), "In Progress"))
        .hasValueSatisfying(finding -> assertThat(finding.status()).isEqualTo(Status.PASS));
  }

  @Test
  void saysWhichTransitionsItDidNotFind() {
    assertThat(check(Workflow.incidents(), STATES, "Open"))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.status()).isEqualTo(Status.WARNING);
              assertThat(finding.found()).isEqualTo("no transition to Open, Resolved from Open");
            });
    assertThat(check(Workflow.incidents(), STATES))
        .hasValueSatisfying(
            finding ->
                assertThat(finding.found()).isEqualTo("not asked: nothing was found to ask about"));
  }

  /** A transition that no mapping uses may require what it likes. */
  @Test
  void othersDoNotMatter() {
    assertThat(check(Workflow.incidents(), Map.of("In Progress", UPDATED), "Open", "In Progress"))
        .hasValueSatisfying(finding -> assertThat(finding.status()).isEqualTo(Status.PASS));
    assertThat(check(Workflow.incidents(), Map.of(), "Open")).isEmpty();
  }
}
