package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.connector.definition.ConnectorDefinitionException;
import dev.lockstep.connector.definition.KameletFiles;
import dev.lockstep.ops.ConnectorFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong setting must be one line that says how to mend it, not a failure later. */
final class ConnectorSettingsCheckTest {
  private static final String KAMELET = "toy-request-action.kamelet.yaml";

  private final Map<String, String> settings = ConnectorKit.settings(8080);

  private List<String> problems() {
    return new ConnectorSettingsCheck(
            List.of(Path.of("connectors")), ConnectorKit.environment(settings))
        .problems();
  }

  @Test
  void asksForNothingOfASystemThatNoMappingNames() {
    ConnectorSettingsCheck check =
        new ConnectorSettingsCheck(
            new ConnectorFolders(List.of(Path.of("connectors")), List.of()),
            ConnectorKit.environment(Map.of()),
            () -> Map.of("jira", Set.of("incident.jira", "action-item.jira")));

    assertThat(check.problems())
        .hasSize(5)
        .allMatch(problem -> problem.startsWith("JIRA_"))
        .allMatch(
            problem ->
                problem.contains("(jira is used by mappings/")
                    && problem.contains("mappings/incident.jira.yaml"));
  }

  @Test
  void acceptsWhatIsComplete() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void acceptsOauthInsteadOfAPassword() {
    settings.remove("SERVICENOW_USERNAME");
    settings.remove("SERVICENOW_PASSWORD");
    settings.put("SERVICENOW_CLIENT_ID", "id");
    settings.put("SERVICENOW_CLIENT_SECRET", "secret");
    assertThat(problems()).isEmpty();
  }

  @Test
  void tellsEverythingThatIsMissingAtOnce() {
    settings.clear();
    assertThat(problems())
        .containsExactly(
            "INCIDENT_IO_CORRELATION_FIELD is missing: set it to the id of the custom field of type"
                + " Text in which Lockstep keeps the counterpart's id (README.md says how to create"
                + " it), for example 01FCNDV6P870EA6S7TK1DSYDG0",
            "INCIDENT_IO_LEAD_ROLE is missing: set it to the id of the incident role of type lead,"
                + " for example 01FH5TZRWMNAFB0DZ23FD1TV96",
            "INCIDENT_IO_TOKEN is missing: set it to an API key (Settings > API keys) that may view"
                + " data, create incidents and edit incidents",
            "INCIDENT_IO_WEBHOOK_SECRETS is missing: set it to the signing secrets of its webhook"
                + " endpoints, comma-separated (INSTALL-WEBHOOK.md); at least 16 random characters"
                + " while there is none",
            "JIRA_PROJECT is missing: set it to the key of the project in which records are"
                + " created, for example OPS",
            "JIRA_TOKEN is missing: set it to an API token of that account (id.atlassian.com >"
                + " Security > API tokens)",
            "JIRA_URL is missing: set it to your site's address, for example"
                + " https://example.atlassian.net",
            "JIRA_USERNAME is missing: set it to the e-mail address of the account Lockstep works"
                + " as, for example lockstep@example.com",
            "JIRA_WEBHOOK_SECRET is missing: set it to the secret of its webhook"
                + " (INSTALL-WEBHOOK.md); at least 16 random characters while none is installed",
            "PAGERDUTY_FROM is missing: set it to the e-mail address of the PagerDuty user in whose"
                + " name Lockstep writes, for example lockstep@example.com",
            "PAGERDUTY_ROUTING_KEYS is missing: set it to the integration key of each service, in one"
                + " line: Portal = 0123…, Payments = 4567… (its Integrations tab, Events API V2)",
            "PAGERDUTY_TOKEN is missing: set it to a REST API key that may write (Integrations >"
                + " API Access Keys)",
            "PAGERDUTY_WEBHOOK_SECRETS is missing: set it to the secrets of its webhook"
                + " subscriptions, comma-separated (INSTALL-WEBHOOK.md); at least 16 random"
                + " characters while there is none",
            "SERVICENOW_PASSWORD is missing: set it to the integration user's password (or set"
                + " SERVICENOW_CLIENT_ID and SERVICENOW_CLIENT_SECRET)",
            "SERVICENOW_URL is missing: set it to your instance's address, for example"
                + " https://example.service-now.com",
            "SERVICENOW_USERNAME is missing: set it to the integration user's name, for example"
                + " lockstep.integration (or set SERVICENOW_CLIENT_ID and"
                + " SERVICENOW_CLIENT_SECRET)",
            "SERVICENOW_WEBHOOK_SECRET is missing: set it to the secret its business rule signs"
                + " with (INSTALL-WEBHOOK.md); at least 16 random characters while none is"
                + " installed",
            "SLACK_SIGNING_SECRET is missing: set it to the app's signing secret (INSTALL.md); at least"
                + " 16 random characters while no events are sent",
            "SLACK_TOKEN is missing: set it to the bot token of the app that is installed in the"
                + " workspace (INSTALL.md)",
            "SLACK_WORKSPACE_URL is missing: set it to your workspace's address, for links to"
                + " channels, for example https://example.slack.com",
            "STATUSPAGE_PAGE_ID is missing: set it to the page's id, shown with the API key, for"
                + " example 2vp47kp8vp10",
            "STATUSPAGE_TOKEN is missing: set it to an API key of the page's organization (avatar >"
                + " API info)");
  }

  @Test
  void asksForTheOtherHalfOfAPair() {
    settings.remove("SERVICENOW_USERNAME");
    settings.remove("SERVICENOW_PASSWORD");
    settings.put("SERVICENOW_CLIENT_ID", "id");
    assertThat(problems()).singleElement().asString().startsWith("SERVICENOW_CLIENT_SECRET is");
  }

  @Test
  void tellsWhatIsMalformedWithoutRepeatingSecrets() {
    settings.put("SERVICENOW_URL", "example.service-now.com");
    settings.put("PAGERDUTY_POLL_INTERVAL", "soon");
    settings.put("PAGERDUTY_FROM", "lockstep");
    settings.put("PAGERDUTY_TOKEN", "two\nlines-secret");
    assertThat(problems())
        .hasSize(4)
        .anyMatch(
            line -> line.startsWith("SERVICENOW_URL (example.service-now.com) is not an http"))
        .anyMatch(line -> line.startsWith("PAGERDUTY_POLL_INTERVAL (soon) is not a time span"))
        .anyMatch(line -> line.startsWith("PAGERDUTY_FROM (lockstep) is not an e-mail"))
        .anyMatch(line -> line.startsWith("PAGERDUTY_TOKEN has more than one line"))
        .noneMatch(line -> line.contains("secret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SERVICENOW_URL            | https://example.service-now.com/api | has a path after the"
            + " host (/api); leave it out",
        "SERVICENOW_URL            | https://example.service-now.com/now/ | has a path after the"
            + " host (/now); leave it out",
        "SERVICENOW_URL            | https://example.service-now.com#x   | is not an http or https"
            + " address",
        "SERVICENOW_POLL_INTERVAL  | 30                                  | is not a time span with"
            + " a unit, such as 30s",
        "SERVICENOW_WEBHOOK_SECRET | x                                   | has fewer than 16"
            + " characters",
        "PAGERDUTY_ROUTING_KEYS    | 0123456789abcdef0123456789abcdef    | is not a list of names"
            + " and values in one line",
        "PAGERDUTY_ROUTING_KEYS    | Portal = 0123, Payments = 4567      | has a value of fewer"
            + " than 32 characters",
        "PAGERDUTY_WEBHOOK_SECRETS | a-long-enough-secret, short         | has fewer than 16"
            + " characters",
      })
  void refusesWhatWouldFailLater(String name, String value, String wrong) {
    settings.put(name, value);
    assertThat(problems()).singleElement().asString().startsWith(name).contains(wrong);
  }

  @Test
  void readsIntervalsFromSettings() {
    settings.put("SERVICENOW_POLL_INTERVAL", "5s");
    ConnectorCatalog catalog =
        ConnectorCatalog.load(List.of(Path.of("connectors")), ConnectorKit.environment(settings));
    assertThat(catalog.pollInterval("servicenow")).isEqualTo(Duration.ofSeconds(5));
    assertThat(catalog.pollInterval("pagerduty")).isEqualTo(Duration.ofSeconds(60));
    assertThat(catalog.backoff("servicenow").first()).isEqualTo(Duration.ofSeconds(1));
    assertThat(catalog.kinds("pagerduty")).containsExactly("incident");
    assertThat(catalog.references("servicenow"))
        .containsExactly(
            "cmdb-ci",
            "group",
            "incident-number",
            "problem-number",
            "user",
            "user-login",
            "user-name");
  }

  @Test
  void namesFileLineAndKeyOfAMistake(@TempDir Path folder) throws IOException {
    Path broken = write(folder, "  in-flight: 2", "  in-flihgt: 2");
    assertThatThrownBy(
            () -> ConnectorCatalog.load(List.of(folder), ConnectorKit.environment(Map.of())))
        .isInstanceOfSatisfying(
            ConnectorDefinitionException.class,
            e ->
                assertThat(e.problems())
                    .anyMatch(line -> line.startsWith(broken + ":") && line.contains("in-flihgt")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "    from:      |     form:       | spec.template has no 'from' with a 'uri'; add it",
        "${variable.path} | ${variable.path | a brace of",
        "{{url}}        | {{url           | a brace of",
        "      steps:   |       step:     | 'from' has no list of 'steps'; add it",
        "name: toy-     | name: tay-      | as the file is called",
        "kind: Kamelet  | kind: [Kamelet  | '[' of this line is not closed",
      })
  void namesTheLineOfABrokenKamelet(
      String right, String wrong, String problem, @TempDir Path folder) throws IOException {
    Path file = kamelet(folder, right.strip(), wrong.strip());
    assertThat(problems(folder))
        .anyMatch(line -> line.matches("\\Q" + file + "\\E:\\d+: .*") && line.contains(problem));
  }

  /** What only Camel knows is found when it reads the file, which is before the first call too. */
  @Test
  void namesAKameletThatCamelCannotRead(@TempDir Path folder) throws Exception {
    Path file = kamelet(folder, "- setHeaders:", "- setHeadres:");
    KameletFiles kamelets =
        new KameletFiles(
            ConnectorCatalog.load(List.of(folder), ConnectorKit.environment(Map.of()))
                .connectors()
                .values());
    assertThat(problems(folder)).noneMatch(line -> line.contains(KAMELET));
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      assertThatThrownBy(() -> kamelets.load(camel))
          .isInstanceOfSatisfying(
              ConnectorDefinitionException.class,
              e ->
                  assertThat(e.problems())
                      .singleElement()
                      .asString()
                      .startsWith(file + ": Camel cannot read it: ")
                      .contains("setHeadres"));
    }
  }

  private static Path kamelet(Path folder, String right, String wrong) throws IOException {
    write(folder, "", "");
    Path file = folder.resolve("toy/" + KAMELET);
    String text = Files.readString(file);
    assertThat(text).contains(right);
    Files.writeString(file, text.replace(right, wrong));
    return file;
  }

  @Test
  void namesTheKameletThatIsMissing(@TempDir Path folder) throws IOException {
    Path file =
        write(folder, "scheme: token, needs: [key]", "scheme: client-credentials, needs: [key]");
    Files.delete(folder.resolve("toy/" + KAMELET));
    assertThat(problems(folder))
        .containsExactly(
            file.resolveSibling(KAMELET) + ": there is no such file",
            file.resolveSibling("toy-authorize-action.kamelet.yaml") + ": there is no such file");
  }

  /** What is wrong with a call is known before the first call. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fetch-ticket: {method    | fetch-tickte: {method    | 22 | 'calls' has no 'fetch-ticket';"
            + " declare it, or take out 'kinds.ticket' that needs it",
        "fetch-ticket: {method    | fetch-tickte: {method    | 13 | nothing makes the call"
            + " 'fetch-tickte'; did you mean 'fetch-ticket'?",
        "list-ticket-notes: {     | list-tickets-notes: {    | 31 | 'calls' has no"
            + " 'list-ticket-notes'; declare it, or take out 'kinds.ticket.notes' that needs it",
        "update-ticket: {method:  | update-ticket: {metod:   | 16 | unknown key 'metod' in"
            + " 'update-ticket'; did you mean 'method'?",
        "GET, path: \"/{id}\"   | GET, path: \"/{ident}\" | 13 | 'fetch-ticket' has no argument"
            + " '{ident}'; there is: fields, id",
        "offset={offset}          | offset={ofset}           | 19 | 'list-changed-ticket' has no"
            + " argument '{ofset}'; did you mean 'offset'?",
        "\"/{id}/comments\"}     | \"/{id}\", body: {a: [x, \"{list:id} {key}\"]}} | 17 |"
            + " 'list-ticket-notes' has no argument '{list:id}'",
        "\"/{id}/comments\"}     | \"/{id}\", body: {a: [x, \"{list:id} {key}\"]}} | 17 |"
            + " 'list-ticket-notes' has no argument '{key}'",
        "create-ticket: {method: POST, path: /} | create-ticket: {method: POST, path: /, body: {a:"
            + " b}} | 15 | 'create-ticket' sends what 'kinds.ticket' declares; take this body out",
        "create-ticket: {method: POST, path: /} | create-ticket: {method: [POST], path: /} | 15 | a"
            + " list or keys are not valid in 'method'",
      })
  void namesTheLineOfACallThatIsDeclaredWrongly(
      String right, String wrong, int line, String problem, @TempDir Path folder)
      throws IOException {
    Path file = write(folder, right, wrong);
    assertThat(problems(folder))
        .anyMatch(
            text ->
                text.equals(file + ":" + line + ": " + problem)
                    || text.startsWith(file + ":" + line + ": " + problem + ";"));
  }

  private static List<String> problems(Path folder) {
    return new ConnectorSettingsCheck(List.of(folder), ConnectorKit.environment(Map.of()))
        .problems();
  }

  @Test
  void wantsAMergeToHaveItsCallAndToNameTheDuplicate(@TempDir Path folder) throws IOException {
    write(
        folder,
        "    send: {",
        "    duplicate: {primary: into.id, by: merge, body: {ids: [duplicate]}}\n    send: {");
    assertThat(problems(folder))
        .anyMatch(line -> line.contains("'calls' has no 'merge-ticket'"))
        .anyMatch(line -> line.contains("kinds.ticket.duplicate.body has no {duplicate}"));
  }

  @Test
  void wantsALinkToHaveItsCallsAndToNameBothEnds(@TempDir Path folder) throws IOException {
    write(
        folder,
        "    send: {",
        "    duplicate: {by: link, links: links, id: id, primary: to.id, body: {from: a, to: b}}\n"
            + "    send: {");
    assertThat(problems(folder))
        .anyMatch(line -> line.contains("'calls' has no 'link-ticket'"))
        .anyMatch(line -> line.contains("'calls' has no 'unlink-ticket'"))
        .anyMatch(line -> line.contains("kinds.ticket.duplicate.body has no {duplicate}"))
        .anyMatch(line -> line.contains("kinds.ticket.duplicate.body has no {primary}"));
  }

  @Test
  void wantsToKnowWhereALinkHasItsIdAndItsEnd(@TempDir Path folder) throws IOException {
    Path file =
        write(
            folder,
            "    send: {",
            "    duplicate: {by: link, links: links, body: {}}\n    send: {");
    assertThat(problems(folder))
        .anyMatch(line -> line.startsWith(file + ":") && line.contains("'id'"))
        .anyMatch(line -> line.startsWith(file + ":") && line.contains("'primary'"));
  }

  @Test
  void wantsAFieldThatCanBeWrittenWhereADuplicateIsHungByUpdate(@TempDir Path folder)
      throws IOException {
    Path file =
        write(
            folder, "    send: {", "    duplicate: {primary: parent.id, by: update}\n    send: {");
    assertThat(problems(folder))
        .anyMatch(line -> line.startsWith(file + ":") && line.contains("primary"));
  }

  private static Path write(Path folder, String from, String to) throws IOException {
    Files.copy(
        Path.of("connectors/connector.schema.json"), folder.resolve("connector.schema.json"));
    Path file = folder.resolve("toy/connector.yaml");
    Files.createDirectories(folder.resolve("toy"));
    Path toy = Path.of("src/test/resources/toy-connectors/toy");
    Files.copy(toy.resolve(KAMELET), folder.resolve("toy").resolve(KAMELET));
    String text = Files.readString(toy.resolve("connector.yaml"));
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
    return file;
  }
}
