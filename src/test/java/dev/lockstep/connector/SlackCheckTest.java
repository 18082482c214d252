package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.sandbox.slack.SlackOptions;
import dev.lockstep.sandbox.slack.SlackSimulator;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code check} finds in a simulated workspace. */
final class SlackCheckTest {
  private static final Set<String> MAPPED =
      Set.of("name", "topic.value", "is_archived", "members", "is_ext_shared");

  private static ConnectorKit kit(SlackSimulator slack, String workspace) {
    Map<String, String> settings = ConnectorKit.settings(1);
    settings.put("SLACK_URL", slack.url());
    settings.put("SLACK_WORKSPACE_URL", workspace);
    settings.put("SLACK_TOKEN", "xoxb-sandbox-token");
    settings.put("SLACK_READ_TIMEOUT", "20s");
    return new ConnectorKit(List.of(Path.of("connectors")), settings, Clock.systemUTC(), MAPPED);
  }

  private static List<Finding> check(ConnectorKit kit) {
    return kit.check(
        "slack",
        new CheckedKind(
            "slack", "channel", MAPPED, Map.of(), Map.of(), Map.of(), Map.of(), Map.of()));
  }

  private static Finding finding(List<Finding> findings, String check) {
    return findings.stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  /** Members are written and shown by no answer: that is no missing right. */
  @Test
  void aWorkspaceThatIsSetUpPasses() throws Exception {
    try (SlackSimulator slack = SlackSimulator.start(SlackOptions.defaults());
        ConnectorKit kit = kit(slack, SlackSimulator.WORKSPACE_URL)) {
      NativeRecord channel =
          kit.connectors.create(
              "slack",
              "channel",
              new ObjectMapper().readTree("{\"name\":\"inc-1\"}"),
              "servicenow/incident/1",
              "INC1");
      slack.person("ann", "Ann", "ann@example.com").mark(channel.ref().id(), "It works", "memo");

      assertThat(check(kit))
          .extracting(Finding::check, Finding::status)
          .containsExactly(
              tuple("connection", Status.PASS),
              tuple("channel: read", Status.PASS),
              tuple("channel: fields", Status.PASS),
              tuple("channel: notes", Status.PASS),
              tuple("bot token", Status.PASS),
              tuple("workspace", Status.PASS),
              tuple("scopes", Status.PASS),
              // No service was asked.
              tuple("signing secret", Status.WARNING),
              tuple("events", Status.WARNING),
              tuple("clock", Status.PASS));
    }
  }

  @Test
  void aMissingScopeAndAnotherWorkspaceAreNamed() {
    Set<String> scopes =
        Set.of("channels:read", "channels:history", "chat:write", "reactions:read", "users:read");
    try (SlackSimulator slack = SlackSimulator.start(SlackOptions.defaults().scopes(scopes));
        ConnectorKit kit = kit(slack, "https://elsewhere.slack.com")) {
      List<Finding> findings = check(kit);

      assertThat(finding(findings, "scopes"))
          .satisfies(
              scope -> {
                assertThat(scope.status()).isEqualTo(Status.FAIL);
                assertThat(scope.advice()).contains("channels:manage", "users:read.email");
              });
      assertThat(finding(findings, "workspace").status()).isEqualTo(Status.WARNING);
    }
  }

  @Test
  void aRevokedTokenIsNamedAndNothingElseIsAsked() {
    try (SlackSimulator slack = SlackSimulator.start(SlackOptions.defaults());
        ConnectorKit kit = kit(slack, SlackSimulator.WORKSPACE_URL)) {
      slack.revokeToken();

      assertThat(check(kit))
          .singleElement()
          .satisfies(
              only -> {
                assertThat(only.status()).isEqualTo(Status.FAIL);
                assertThat(only.advice()).contains("Check SLACK_TOKEN").doesNotContain("xoxb");
              });
    }
  }
}
