package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.cli.Commands;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.incidentio.IncidentIoOptions;
import dev.lockstep.sandbox.incidentio.IncidentIoSimulator;
import dev.lockstep.sandbox.jira.CustomField;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.jira.Workflow;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.JournalAccess;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** {@code ./lockstep check} against simulated systems, without a service and a database. */
final class SystemsCheckTest {
  private static final String BOT = "lockstep@example.com";

  private final Faults faults = new Faults();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> settings = new HashMap<>();
  private PagerDutySimulator pagerDuty;
  private ServiceNowSimulator serviceNow;

  @BeforeEach
  void start() {
    pagerDuty = PagerDutySimulator.start(PagerDutyOptions.defaults().withFaults(faults));
    pagerDuty.user("Lockstep", BOT);
    pagerDuty.service("Portal", pagerDuty.escalationPolicy("Web", BOT));
    var incident = pagerDuty.as(BOT).createIncident("Portal", "Portal is down");
    pagerDuty.as(BOT).setPriority(incident.id(), "P1");
    pagerDuty.as(BOT).addNote(incident.id(), "looking");
    pagerDuty.webhooks().target(URI.create("http://127.0.0.1:9/webhooks/pagerduty"));
    serviceNow =
        ServiceNowSimulator.start(new ServiceNowOptions().credentials("lockstep", "password"));
    String ann = serviceNow.seedUser("ann", "Ann", "ann@example.com");
    String ticket =
        serviceNow
            .as("ann")
            .create(
                "incident",
                Map.of(
                    "short_description",
                    "Portal is down",
                    "assigned_to",
                    ann,
                    "assignment_group",
                    serviceNow.seedGroup("Web"),
                    "cmdb_ci",
                    serviceNow.seedItem("Portal")));
    serviceNow.as("ann").addWorkNote(ticket, "looking");
    settings.put("LOCKSTEP_MAPPINGS", "incident");
    // A check needs no database.
    settings.put("DATABASE_URL", "jdbc:postgresql://127.0.0.1:9/none");
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_FROM", BOT);
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", "sandbox-webhook-secret");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "password");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "sandbox-webhook-secret");
  }

  /** A check silences the process's log; other tests in it read theirs. */
  @AfterAll
  static void logAgain() {
    LoggingSystem logging = LoggingSystem.get(SystemsCheckTest.class.getClassLoader());
    SystemsCheck.QUIET.keySet().stream()
        .filter(name -> name.startsWith("logging.level."))
        .map(name -> name.substring("logging.level.".length()))
        .forEach(name -> logging.setLogLevel(name, name.equals("root") ? LogLevel.INFO : null));
  }

  @AfterEach
  void stop() {
    pagerDuty.close();
    serviceNow.close();
  }

  @Test
  void passesWhatIsProvenAndWritesNothing() throws IOException {
    Findings found = check(0);
    for (String check :
        new String[] {
          "connection",
          "incident: read",
          "incident: fields",
          "incident: notes",
          "reference user",
          "reference service",
          "reference escalation-policy",
          "reference priority",
          "user of PAGERDUTY_FROM",
          "webhook subscription",
          "clock",
          "calls left this minute"
        }) {
      found.has("pagerduty", check, "PASS");
    }
    for (String check :
        new String[] {
          "connection",
          "incident: read",
          "incident: fields",
          "incident: notes",
          "reference user",
          "reference group",
          "reference cmdb-ci"
        }) {
      found.has("servicenow", check, "PASS");
    }
    // Cannot be proven without writing, or without a service.
    found.has("pagerduty", "write access", "WARNING");
    for (String system : new String[] {"pagerduty", "servicenow"}) {
      assertThat(found.has(system, "webhook secret", "WARNING").path("found").asText())
          .isEqualTo(
              "not tested: no service is reachable at http://127.0.0.1:9; start it with"
                  + " `./lockstep run`, or set --url");
    }
    assertThat(pagerDuty.calls().writes()).isZero();
    assertThat(serviceNow.calls().writes()).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void readsTheBusinessRuleIfItIsPermittedTo() throws IOException {
    String rule = "incident: business rule";
    assertThat(check(0).has("servicenow", rule, "WARNING").path("found").asText())
        .startsWith("refused with 403");
    serviceNow.giveRole("lockstep", "business_rule_admin");
    check(0).has("servicenow", rule, "WARNING");
    String script = Files.readString(Path.of("connectors/servicenow/business-rule.js"));
    String id = serviceNow.seed("sys_script", businessRule("incident", script));
    check(0).has("servicenow", rule, "PASS");
    serviceNow.as("system").update(id, Map.of("script", script.replace("'urgency', ", "")));
    assertThat(check(0).has("servicenow", rule, "WARNING").path("found").asText())
        .isEqualTo("script lacks urgency");
    serviceNow.as("system").update(id, Map.of("active", "false"));
    assertThat(check(1).has("servicenow", rule, "FAIL").path("found").asText())
        .isEqualTo("active is false; script lacks urgency");
  }

  private static Map<String, String> businessRule(String table, String script) {
    return Map.of(
        "name", "Lockstep webhook",
        "collection", table,
        "when", "async",
        "active", "true",
        "action_insert", "true",
        "action_update", "true",
        "action_delete", "true",
        "script", script);
  }

  @Test
  void asksJiraForPermissionsAndTypes() throws IOException {
    try (JiraSimulator jira = startJira()) {
      Findings found = check(0);
      found.has("jira", "connection", "PASS");
      found.has("jira", "incident: read", "PASS");
      found.has("jira", "incident: permissions", "PASS");
      found.has("jira", "incident: issue type", "PASS");
      found.has("jira", "calls left", "PASS");
      // No issue is there to look at.
      found.has("jira", "incident: fields", "WARNING");
      found.has("jira", "references", "WARNING");

      jira.forbidLinking(BOT);
      check(0).has("jira", "incident: permissions", "WARNING");
      jira.takePermission(BOT, "TRANSITION_ISSUES");
      settings.put("JIRA_INCIDENT_TYPE", "Outage");
      found = check(1);
      assertThat(found.has("jira", "incident: permissions", "FAIL").path("found").asText())
          .startsWith("permissions.TRANSITION_ISSUES.havePermission is false");
      found.has("jira", "incident: issue type", "FAIL");
      assertThat(jira.calls().byRoute().keySet())
          .allMatch(route -> route.startsWith("GET ") || route.endsWith("/search/jql"));
    }
  }

  private JiraSimulator startJira() {
    JiraSimulator jira = JiraSimulator.start(JiraOptions.defaults().account(BOT, "sandbox-token"));
    jira.user("Lockstep", BOT);
    jira.serviceProject("OPS", "Operations", Workflow.incidents());
    settings.put("LOCKSTEP_MAPPINGS", "incident.servicenow-jira");
    settings.put("JIRA_URL", jira.url());
    settings.put("JIRA_USERNAME", BOT);
    settings.put("JIRA_TOKEN", "sandbox-token");
    settings.put("JIRA_PROJECT", "OPS");
    settings.put("JIRA_WEBHOOK_SECRET", "sandbox-webhook-secret");
    return jira;
  }

  @Test
  void asksIncidentIoForRolesTheFieldAndTheLeadRole() throws IOException {
    settings.put("LOCKSTEP_MAPPINGS", "incident.incident-io");
    settings.put("INCIDENT_IO_TOKEN", "sandbox-token");
    settings.put("INCIDENT_IO_WEBHOOK_SECRETS", "whsec_c2FuZGJveC13ZWJob29rLXNlY3JldA==");
    try (IncidentIoSimulator incidentIo = IncidentIoSimulator.start(IncidentIoOptions.defaults())) {
      incidentIo.organisation().member("Lockstep", BOT);
      incidentIo.as(BOT).declare("Portal is down", "Critical");
      settings.put("INCIDENT_IO_URL", incidentIo.url());
      settings.put(
          "INCIDENT_IO_CORRELATION_FIELD",
          incidentIo.organisation().field("Lockstep", "text").id());
      settings.put("INCIDENT_IO_LEAD_ROLE", incidentIo.organisation().roleOfType("lead").id());
      Findings found = check(0);
      for (String check :
          new String[] {
            "connection",
            "incident: read",
            "field of INCIDENT_IO_CORRELATION_FIELD",
            "role of INCIDENT_IO_LEAD_ROLE"
          }) {
        found.has("incident-io", check, "PASS");
      }
      assertThat(
              found.has("incident-io", "permissions of the key", "WARNING").path("found").asText())
          .isEqualTo("identity.roles lacks global_access");
      settings.put(
          "INCIDENT_IO_CORRELATION_FIELD", incidentIo.organisation().field("Cost", "numeric").id());
      settings.put("INCIDENT_IO_LEAD_ROLE", incidentIo.organisation().roleOfType("reporter").id());
      found = check(1);
      found.has("incident-io", "field of INCIDENT_IO_CORRELATION_FIELD", "FAIL");
      found.has("incident-io", "role of INCIDENT_IO_LEAD_ROLE", "FAIL");
      assertThat(incidentIo.calls().writes()).isZero();
    }
    try (IncidentIoSimulator reader =
        IncidentIoSimulator.start(IncidentIoOptions.defaults().roles("viewer"))) {
      settings.put("INCIDENT_IO_URL", reader.url());
      check(1).has("incident-io", "permissions of the key", "FAIL");
    }
  }

  private String found(int exitCode, String system, String check, String status)
      throws IOException {
    return check(exitCode).has(system, check, status).path("found").asText();
  }

  @Test
  void comparesTheMappedFieldsWithTheCreateScreen() throws IOException {
    String screen = "incident: create screen";
    try (JiraSimulator jira = startJira()) {
      // summary, description, priority, assignee, and the label that identifies the issue
      assertThat(found(0, "jira", screen, "PASS")).isEqualTo("all 5 written fields are accepted");
      jira.screens().takeOffCreate("labels");
      assertThat(found(1, "jira", screen, "FAIL"))
          .isEqualTo("does not accept labels (mapping incident.servicenow-jira)");
      jira.customField("customfield_10080", "Severity", CustomField.Type.TEXT);
      jira.screens().require("customfield_10080");
      assertThat(found(1, "jira", screen, "FAIL"))
          .isEqualTo(
              "does not accept labels (mapping incident.servicenow-jira); requires Severity"
                  + " (customfield_10080), which incident.servicenow-jira does not write");
      settings.put("JIRA_INCIDENT_TYPE", "Outage");
      assertThat(found(1, "jira", screen, "WARNING")).startsWith("not asked");
    }
  }

  @Test
  void comparesTheMappedFieldsWithTheEditScreenOfIssues() throws IOException {
    String screen = "incident: edit screen";
    try (JiraSimulator jira = startJira()) {
      // There is no issue yet.
      assertThat(found(0, "jira", screen, "WARNING")).startsWith("not asked");
      jira.as(BOT).create("OPS", "[System] Incident", "Portal is down");
      found(0, "jira", screen, "PASS");
      jira.screens().takeOffEdit("description");
      assertThat(found(1, "jira", screen, "FAIL"))
          .isEqualTo("does not accept description (mapping incident.servicenow-jira)");
      jira.takePermission(BOT, "EDIT_ISSUES");
      assertThat(found(1, "jira", screen, "WARNING")).isEqualTo("no field is accepted, or shown");
    }
  }

  @Test
  void comparesTheFieldsOfActionItemsWithTheirScreens() throws IOException {
    try (JiraSimulator jira = startJira()) {
      settings.put("LOCKSTEP_MAPPINGS", "incident.servicenow-jira,action-item.jira");
      found(0, "jira", "issue: create screen", "PASS");
      jira.screens().takeOffCreate("duedate");
      Findings found = check(1);
      assertThat(found.has("jira", "issue: create screen", "FAIL").path("found").asText())
          .isEqualTo("does not accept duedate (mapping action-item.jira)");
      found.has("jira", "incident: create screen", "PASS");
    }
  }

  @Test
  void failsASubscriptionThatIsOffOrLacksEvents() throws IOException {
    pagerDuty.webhooks().on(false);
    pagerDuty.webhooks().unsubscribe("incident.reopened", "incident.annotated");
    serviceNow.journal(JournalAccess.HIDDEN);
    settings.put("PAGERDUTY_FROM", "nobody@example.com");
    Findings found = check(1);
    assertThat(found.has("pagerduty", "webhook subscription", "FAIL").path("found").asText())
        .isEqualTo("active is false; events lacks incident.annotated, incident.reopened");
    found.has("pagerduty", "user of PAGERDUTY_FROM", "FAIL");
    found.has("servicenow", "incident: notes", "WARNING");
  }

  @Test
  void aRefusedQuestionIsNoAgreement() throws IOException {
    faults.next(1, Faults.Kind.FORBIDDEN, call -> call.path().startsWith("/webhook_subscriptions"));
    serviceNow.takeRoles("lockstep");
    Findings found = check(1);
    assertThat(found.has("pagerduty", "webhook subscription", "FAIL").path("found").asText())
        .startsWith("refused with 403");
    found.has("servicenow", "connection", "FAIL");
    assertThat(found.all.toString())
        .doesNotContain("\"system\":\"servicenow\",\"status\":\"PASS\"");
  }

  @Test
  void saysWhichSystemIsAwayAndWhichCredentialsAreWrong() throws IOException {
    settings.put("PAGERDUTY_TOKEN", "wrong");
    settings.put("SERVICENOW_URL", "http://127.0.0.1:9");
    Findings found = check(1);
    assertThat(found.all).hasSize(2);
    assertThat(found.has("pagerduty", "connection", "FAIL").path("advice").asText())
        .contains("PAGERDUTY_TOKEN");
    JsonNode away = found.has("servicenow", "connection", "FAIL");
    assertThat(away.path("found").asText()).contains("no connection");
    assertThat(away.path("advice").asText()).contains("SERVICENOW_URL");
  }

  @Test
  void reportsWrongSettingsAsRunDoes() {
    settings.put("PAGERDUTY_FROM", "nobody");
    settings.put("SERVICENOW_URL", "");
    settings.put("lockstep.everything-in-scope", "perhaps");
    assertThat(execute("check", "--json")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("lockstep: "))
        .anyMatch(line -> line.contains("PAGERDUTY_FROM (nobody)"))
        .anyMatch(line -> line.contains("SERVICENOW_URL is missing"))
        .anyMatch(line -> line.contains("lockstep.everything-in-scope"));
    assertThat(pagerDuty.calls().reads()).isZero();
  }

  /** It would be waited for in vain. */
  @Test
  void refusesATestWebhookThatNothingRecognises(@TempDir Path folder) throws IOException {
    Path connectors = folder.resolve("connectors");
    try (Stream<Path> files = Files.walk(Path.of("connectors"))) {
      for (Path file : files.toList()) {
        Files.copy(file, connectors.resolve(Path.of("connectors").relativize(file)));
      }
    }
    Path webhook = connectors.resolve("pagerduty/webhook.yaml");
    Files.writeString(
        webhook, Files.readString(webhook).replace("    test: true", "    ignore: true"));
    settings.put("lockstep.connectors", connectors.toString());
    assertThat(execute("check", "--json")).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith(
            "lockstep: connectors/pagerduty/connector.yaml: the check 'webhook secret' asks for a"
                + " test webhook, but no event type in connectors/pagerduty/webhook.yaml");
  }

  @Test
  void channelsAreCheckedWithoutSendingAnything(@TempDir Path folder) throws IOException {
    Files.createDirectory(folder.resolve("templates"));
    Files.writeString(folder.resolve("templates/all.txt"), "{{title}}");
    Path file =
        Files.writeString(
            folder.resolve("communications.yaml"),
            """
            audiences:
              all: {every: {P1: 15m}, template: all.txt, to: [{channel: mail}, {channel: chat}]}
            channels:
              mail: {kind: email, to: [all@example.com]}
              chat: {kind: teams, url: "http://127.0.0.1:9/workflow"}
            """);
    GreenMail mail = new GreenMail(ServerSetup.SMTP.dynamicPort());
    mail.start();
    settings.put("LOCKSTEP_COMMUNICATIONS", file.toString());
    settings.put("LOCKSTEP_SMTP_HOST", "127.0.0.1");
    settings.put("LOCKSTEP_SMTP_PORT", String.valueOf(mail.getSmtp().getPort()));
    settings.put("LOCKSTEP_SMTP_FROM", "lockstep@example.com");
    settings.put("LOCKSTEP_SMTP_SECURITY", "none");
    try {
      Findings findings = check(0);
      findings.has("mail", "connection", "PASS");
      findings.has("chat", "connection", "WARNING");
      assertThat(mail.getReceivedMessages()).isEmpty();
      mail.setUser("lockstep@example.com", "lockstep", "right");
      settings.put("LOCKSTEP_SMTP_USERNAME", "lockstep");
      settings.put("LOCKSTEP_SMTP_PASSWORD", "wrong");
      check(1).has("mail", "connection", "FAIL");
      settings.put("LOCKSTEP_SMTP_PASSWORD", "right");
      check(0).has("mail", "connection", "PASS");
    } finally {
      mail.stop();
    }
    check(1).has("mail", "connection", "FAIL");
    Files.writeString(file, "audience: {}\n");
    assertThat(execute("check", "--json")).isEqualTo(2);
    assertThat(err.toString().lines().findFirst())
        .hasValueSatisfying(
            line -> assertThat(line).contains("communications.yaml:1: unknown key 'audience'"));
  }

  private record Findings(JsonNode all) {
    JsonNode has(String system, String check, String status) {
      for (JsonNode finding : all) {
        if (finding.path("system").asText().equals(system)
            && finding.path("check").asText().equals(check)) {
          assertThat(finding.path("status").asText()).as(finding.toString()).isEqualTo(status);
          assertThat(finding.path("advice").asText().isEmpty()).isEqualTo(status.equals("PASS"));
          return finding;
        }
      }
      throw new AssertionError("No " + check + " of " + system + " in " + all.toPrettyString());
    }
  }

  private Findings check(int exitCode) throws IOException {
    out.getBuffer().setLength(0);
    assertThat(execute("check", "--json", "--url", "http://127.0.0.1:9"))
        .as(out.toString() + err)
        .isEqualTo(exitCode);
    return new Findings(new ObjectMapper().readTree(out.toString()));
  }

  private int execute(String... arguments) {
    return Commands.create(
            warmUp -> {},
            (running, within) -> SystemsCheck.run(settings, running, within),
            (request, observer) -> MissingNode.getInstance(),
            new CliEnvironment(Map.of(), Path.of("."), false, 0, "ann"),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .execute(arguments);
  }
}
