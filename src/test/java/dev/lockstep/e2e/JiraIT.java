package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.jira.IssueChange;
import dev.lockstep.sandbox.jira.Workflow;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Jira and PagerDuty, by {@code incident.jira.yaml}. */
class JiraIT {
  private static final Map<String, String> ASKING =
      Map.of("JIRA_POLL_INTERVAL", "1s", "PAGERDUTY_POLL_INTERVAL", "1s");

  /** Longer than the first retries take, shorter than the time that searches are given. */
  private static final Duration LAG = Duration.ofMillis(1500);

  @Test
  void webhooksAloneKeepBothInStep() {
    try (JiraRig rig = JiraRig.started("jira-webhooks", Map.of())) {
      plays(rig);
    }
  }

  @Test
  void pollingAloneKeepsBothInStep() {
    try (JiraRig rig = JiraRig.started("jira-polling", ASKING, Duration.ofSeconds(1))) {
      rig.webhooks(false);
      plays(rig);
    }
  }

  private static void plays(JiraRig rig) {
    var ann = rig.jira.as("ann");
    var ben = rig.pagerDuty.as("ben@example.com");
    String issue = begun(rig, "Mail is down");
    rig.eventually(() -> assertThat(rig.incidentOf(issue).priority()).isNotNull());
    String incident = rig.incidentOf(issue).id();

    // Words, comments and a status from the desk.
    ann.summarize(issue, "Mail is slow");
    ann.commentInternally(issue, "It is the **disk**");
    ann.comment(issue, "We are on it");
    String command = "check user_name *prod* in C:\\temp\\x_y [a](b) #1 <tag> `tick` | __init__.py";
    ann.comment(issue, command);
    ann.transition(issue, "Start progress");
    rig.eventually(
        () -> {
          assertThat(rig.pagerDuty.incident(incident).title()).isEqualTo("Mail is slow");
          assertThat(status(rig, incident)).isEqualTo("acknowledged");
          assertThat(notes(rig, incident)).filteredOn(n -> n.contains("It is the")).hasSize(1);
          assertThat(notes(rig, incident)).filteredOn(n -> n.contains("We are on it")).hasSize(1);
          assertThat(notes(rig, incident)).filteredOn(n -> n.contains("\n" + command)).hasSize(1);
        });

    // A note and a resolution from the engineer: resolving needs a field of the transition's
    // screen.
    ben.addNote(incident, "Disk replaced\n- sda\n- sdb");
    ben.addNote(
        incident,
        "# systemctl restart nginx\n    __init__.py fails in C:\\temp\\*.log\n\n| db7 | 5 * 3 * 2 |"
            + " \u001b[31mred\u001b[0m");
    ben.resolve(incident);
    rig.eventually(
        () -> {
          assertThat(rig.jira.status(issue)).isEqualTo("Resolved");
          assertThat(rig.jira.issue(issue).at("/fields/resolution/name").asText())
              .isEqualTo("Done");
          assertThat(comments(rig, issue)).filteredOn(c -> c.contains("Disk replaced")).hasSize(1);
          assertThat(rig.jira.comments(issue))
              .anySatisfy(
                  comment ->
                      assertThat(comment.body().findValuesAsText("text"))
                          .contains(
                              "# systemctl restart nginx",
                              "    __init__.py fails in C:\\temp\\*.log",
                              "| db7 | 5 * 3 * 2 | red"));
        });

    // Reopened there: no transition leads straight to Open.
    ben.reopen(incident);
    rig.eventually(() -> assertThat(rig.jira.status(issue)).isEqualTo("Open"));

    // And the other way: an incident begins an issue, whose summary holds one line.
    String lines = "Web is down\nhost db7\tused 97%";
    PagerDutyIncident other = ben.createIncident("Default Service", lines);
    ben.setPriority(other.id(), "P1");
    rig.eventually(
        () ->
            assertThat(rig.summary(rig.issueOf(other))).isEqualTo("Web is down host db7 used 97%"));
    ben.acknowledge(other.id());
    rig.eventually(() -> assertThat(rig.jira.status(rig.issueOf(other))).isEqualTo("In Progress"));
    atRest(rig);
    assertThat(rig.jira.issues()).hasSize(2);
    assertThat(rig.pagerDuty.incidents()).hasSize(2);
    assertThat(rig.pagerDuty.incident(other.id()).title()).isEqualTo(lines);
    assertThat(notes(rig, incident)).filteredOn(n -> n.contains(command)).hasSize(1);
    assertThat(comments(rig, issue)).filteredOn(c -> c.contains("Disk replaced")).hasSize(1);
  }

  /** The answer to a creation is lost, and no search shows the issue for a while. */
  @Test
  void createsOnceThoughTheAnswerIsLostAndSearchesLag() {
    try (JiraRig rig = JiraRig.started("jira-lost", ASKING, LAG)) {
      rig.webhooks(false);
      rig.jira
          .faults()
          .next(
              1,
              Faults.Kind.DONE_BUT_RESET,
              call -> call.method().equals("POST") && call.path().endsWith("/issue"));
      PagerDutyIncident incident =
          rig.pagerDuty.as("ben@example.com").createIncident("Default Service", "Lost");
      rig.eventually(() -> assertThat(rig.pagerDuty.notes(incident.id())).isNotEmpty());
      atRest(rig);
      assertThat(rig.jira.issues()).hasSize(1);
      assertThat(rig.summary(rig.issueOf(incident))).isEqualTo("Lost");
    }
  }

  /** Killed when the issue was there and nobody knew; then between the edit and the transition. */
  @Test
  void createsAndMovesOnceThroughKills() {
    try (JiraRig rig = JiraRig.startedToKill("jira-kill", ASKING, LAG)) {
      rig.webhooks(false);
      AtomicBoolean armed = new AtomicBoolean(true);
      rig.jira.onChange(
          change -> {
            if (change.by().equals(SystemsAgreement.BOT_EMAIL)
                && (change.kind() == IssueChange.Kind.CREATED
                    || change.kind() == IssueChange.Kind.EDITED)
                && armed.compareAndSet(true, false)) {
              rig.lockstep.kill();
            }
          });
      var ben = rig.pagerDuty.as("ben@example.com");
      PagerDutyIncident incident = ben.createIncident("Default Service", "Killed");
      rig.eventually(() -> assertThat(rig.lockstep.isAlive()).isFalse());
      rig.lockstep.start();
      rig.eventually(() -> assertThat(rig.pagerDuty.notes(incident.id())).isNotEmpty());
      String issue = rig.issueOf(incident);
      ben.acknowledge(incident.id());
      rig.eventually(() -> assertThat(rig.jira.status(issue)).isEqualTo("In Progress"));

      armed.set(true);
      ben.setTitle(incident.id(), "Killed twice");
      ben.resolve(incident.id());
      rig.eventually(() -> assertThat(rig.lockstep.isAlive()).isFalse());
      rig.lockstep.start();
      rig.eventually(
          () -> {
            assertThat(rig.jira.status(issue)).isEqualTo("Resolved");
            assertThat(rig.summary(issue)).isEqualTo("Killed twice");
          });
      atRest(rig);
      assertThat(rig.jira.issues()).containsExactly(issue);
    }
  }

  @Test
  void saysThatJiraDoesNotKnowAnAssignee() {
    try (JiraRig rig = JiraRig.started("jira-assignee", Map.of())) {
      String issue = begun(rig, "Whose is it");
      rig.eventually(() -> assertThat(rig.incidentOf(issue)).isNotNull());
      rig.jira.as("ann").transition(issue, "Start progress");
      rig.eventually(
          () -> assertThat(status(rig, rig.incidentOf(issue).id())).isEqualTo("acknowledged"));
      rig.jira.hideEmail("dee@example.com");
      rig.pagerDuty.as("ben@example.com").reassign(rig.incidentOf(issue).id(), "dee@example.com");
      rig.eventually(
          () ->
              assertThat(rig.lockstep.api("GET", "/pairs/" + issue).toString())
                  .contains("jira has no user 'dee@example.com'"));
    }
  }

  /** A project has its own components: one of the same name elsewhere is another one. */
  @Test
  void findsTheComponentOfAServiceByNameAndSaysWhichItDoesNotKnow() {
    try (JiraRig rig = JiraRig.started("jira-components", Map.of())) {
      rig.jira.project("WEB", "Web", Workflow.incidents());
      rig.jira.component("WEB", "Mail");
      String mail = rig.jira.component("OPS", "Mail");
      var policy = rig.pagerDuty.escalationPolicy("Mail", "ann@example.com");
      rig.pagerDuty.service("Mail", policy);
      rig.pagerDuty.service("Payments", policy);
      var ben = rig.pagerDuty.as("ben@example.com");

      PagerDutyIncident known = ben.createIncident("Mail", "Mail is down");
      rig.eventually(
          () ->
              assertThat(rig.jira.issue(rig.issueOf(known)).at("/fields/components"))
                  .singleElement()
                  .satisfies(found -> assertThat(found.path("id").asText()).isEqualTo(mail)));

      PagerDutyIncident unknown = ben.createIncident("Payments", "Nobody can pay");
      rig.eventually(
          () ->
              assertThat(rig.lockstep.api("GET", "/pairs/" + rig.issueOf(unknown)).toString())
                  .contains("jira has no component 'Payments'"));
      ben.acknowledge(unknown.id());
      rig.eventually(
          () -> assertThat(rig.jira.status(rig.issueOf(unknown))).isEqualTo("In Progress"));
      assertThat(rig.jira.issue(rig.issueOf(unknown)).at("/fields/components")).isEmpty();
      assertThat(rig.pagerDuty.incident(unknown.id()).service()).isEqualTo(unknown.service());

      String issue = begun(rig, "Spam filter is down");
      rig.jira.as("ann").edit(issue, "components", rig.json("[{\"name\":\"Mail\"}]"));
      rig.eventually(() -> assertThat(rig.incidentOf(issue).service()).isEqualTo(known.service()));
      atRest(rig);
    }
  }

  private static String begun(JiraRig rig, String summary) {
    String issue = rig.jira.as("ann").create("OPS", "[System] Incident", summary);
    rig.jira.as("ann").prioritize(issue, "Highest");
    return issue;
  }

  private static String status(JiraRig rig, String incident) {
    return rig.pagerDuty.incident(incident).status().toString().toLowerCase(java.util.Locale.ROOT);
  }

  private static List<String> notes(JiraRig rig, String incident) {
    return rig.pagerDuty.notes(incident).stream().map(note -> note.content()).toList();
  }

  private static List<String> comments(JiraRig rig, String issue) {
    return rig.jira.comments(issue).stream().map(comment -> comment.body().toString()).toList();
  }

  /** Nothing goes round, and nothing needs a person. */
  private static void atRest(JiraRig rig) {
    rig.awaitQuiet();
    int before = rig.jira.changesBy(SystemsAgreement.BOT_EMAIL).size();
    long there = rig.pagerDuty.calls().writes();
    rig.awaitPolls();
    rig.awaitQuiet();
    assertThat(rig.jira.changesBy(SystemsAgreement.BOT_EMAIL)).hasSize(before);
    assertThat(rig.pagerDuty.calls().writes()).isEqualTo(there);
    assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
  }
}
