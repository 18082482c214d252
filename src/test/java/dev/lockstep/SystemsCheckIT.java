package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.cli.Commands;
import dev.lockstep.inbox.WebhookReceipts;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import dev.lockstep.testkit.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code ./lockstep check} while the service runs: the webhooks' way and secret. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SystemsCheckIT {
  private static final String BOT = "lockstep@example.com";
  private static final String SECRET = "sandbox-webhook-secret";

  private final Map<String, String> settings = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private PagerDutySimulator pagerDuty;
  private ServiceNowSimulator serviceNow;
  private ConfigurableApplicationContext service;
  private JdbcClient database;
  private String port;
  private Path data;

  @BeforeAll
  void start(@TempDir Path dir) {
    data = dir.resolve("data");
    pagerDuty = PagerDutySimulator.start(PagerDutyOptions.defaults());
    pagerDuty.user("Lockstep", BOT);
    pagerDuty.service("Portal", pagerDuty.escalationPolicy("Web", BOT));
    serviceNow =
        ServiceNowSimulator.start(new ServiceNowOptions().credentials("lockstep", "password"));
    serviceNow.seedUser("ann", "Ann", "ann@example.com");
    settings.putAll(TestDatabase.settings());
    settings.put("LOCKSTEP_PORT", "0");
    settings.put("LOCKSTEP_MAPPINGS", "incident");
    settings.put("LOCKSTEP_DUPLICATES_EMBEDDING", "false");
    settings.put("LOCKSTEP_DATA_DIR", data.toString());
    settings.put("LOCKSTEP_CHECKS_INTERVAL", "1h");
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_FROM", BOT);
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", "the-secret-before," + SECRET);
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "password");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "servicenow-webhook-secret");
    service = Application.start(settings);
    database = service.getBean(JdbcClient.class);
    port = service.getEnvironment().getProperty("local.server.port");
    serviceNow.webhookTarget(URI.create("http://127.0.0.1:" + port + "/webhooks/servicenow"));
  }

  @AfterAll
  void stop() {
    service.close();
    pagerDuty.close();
    serviceNow.close();
    // A check silences the process's log.
    LoggingSystem logging = LoggingSystem.get(SystemsCheckIT.class.getClassLoader());
    SystemsCheck.QUIET.keySet().stream()
        .filter(name -> name.startsWith("logging.level."))
        .map(name -> name.substring("logging.level.".length()))
        .forEach(name -> logging.setLogLevel(name, name.equals("root") ? LogLevel.INFO : null));
  }

  @BeforeEach
  void right() {
    pagerDuty.webhooks().on(true);
    pagerDuty.webhooks().enable();
    pagerDuty.webhooks().secrets(List.of(SECRET));
    pagerDuty.webhooks().target(URI.create("http://127.0.0.1:" + port + "/webhooks/pagerduty"));
  }

  private JsonNode check(String system, int code, String... arguments) throws IOException {
    out.getBuffer().setLength(0);
    String[] all = new String[arguments.length + 1];
    all[0] = "check";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    StringWriter err = new StringWriter();
    int ended =
        Commands.create(
                warmUp -> {},
                (running, within) -> SystemsCheck.run(settings, running, within),
                (request, observer) -> MissingNode.getInstance(),
                new CliEnvironment(
                    Map.of("LOCKSTEP_PORT", port, "LOCKSTEP_DATA_DIR", data.toString()),
                    Path.of("."),
                    false,
                    0,
                    "ann"),
                new PrintWriter(out, true),
                new PrintWriter(err, true))
            .execute(all);
    assertThat(ended).as(out.toString() + err).isEqualTo(code);
    for (JsonNode finding : new ObjectMapper().readTree(out.toString())) {
      if (finding.path("system").asText().equals(system)
          && finding.path("check").asText().equals("webhook secret")) {
        return finding;
      }
    }
    throw new AssertionError(out.toString());
  }

  private static void assertFound(JsonNode finding, String status, String text) {
    assertThat(finding.path("status").asText()).as(finding.toString()).isEqualTo(status);
    assertThat(finding.path("found").asText()).contains(text);
  }

  @Test
  void theRightSecretPassesAndTheTestCausesNoWork() throws IOException {
    assertFound(check("pagerduty", 0), "PASS", "was received and verified");
    assertThat(service.getBean(WebhookReceipts.class).all())
        .anySatisfy(
            receipt -> {
              assertThat(receipt.kind()).isEqualTo(WebhookReceipts.Kind.TEST);
              assertThat(receipt.sender()).startsWith("P");
            });
    assertThat(
            database
                .sql("select count(*) from inbox_entry where subject like 'delivery:%'")
                .query(Long.class)
                .single())
        .isZero();
    // Each check causes one of its own.
    assertFound(check("pagerduty", 0), "PASS", "was received and verified");
  }

  @Test
  void anotherSecretFails() throws IOException {
    pagerDuty.webhooks().secrets(List.of("another-secret-of-16"));
    JsonNode finding = check("pagerduty", 1, "--webhook-within", "5s");
    assertFound(finding, "FAIL", "the service refused one (bad-signature)");
    assertThat(finding.path("advice").asText())
        .startsWith("The service has another secret than the subscription")
        .contains("PAGERDUTY_WEBHOOK_SECRETS");
  }

  @Test
  void anAddressThatLeadsElsewhereFails() throws IOException {
    pagerDuty.webhooks().target(URI.create("http://127.0.0.1:9/webhooks/pagerduty"));
    JsonNode finding = check("pagerduty", 1, "--webhook-within", "3s");
    assertFound(finding, "FAIL", "did not arrive within 3 s");
    assertThat(finding.path("advice").asText()).contains("firewall");
    pagerDuty.webhooks().on(false);
    assertFound(check("pagerduty", 1), "WARNING", "none of the 1 listed");
  }

  @Test
  void aServiceThatMayNotBeAskedProvesNothing() throws IOException {
    long before = pagerDuty.calls().writes();
    assertFound(
        check("pagerduty", 0, "--token", "wrong"), "WARNING", "not tested: http://localhost:");
    assertFound(
        check("pagerduty", 0, "--url", "http://127.0.0.1:9"),
        "WARNING",
        "not tested: no service is reachable at http://127.0.0.1:9");
    assertThat(pagerDuty.calls().writes()).isEqualTo(before);
  }

  /** It has no call for a test. */
  @Test
  void whereNoTestCanBeAskedForTheLastWebhookCounts() throws IOException {
    assertFound(check("servicenow", 0), "WARNING", "none was verified since the service started");
    serviceNow.rotateWebhookSecret("another-secret-of-16");
    serviceNow.as("ann").create("incident", Map.of("short_description", "Mouse"));
    awaitReceipt(WebhookReceipts.Kind.REFUSED);
    assertFound(check("servicenow", 0), "WARNING", "one was refused");
    serviceNow.rotateWebhookSecret("servicenow-webhook-secret");
    serviceNow.as("ann").create("incident", Map.of("short_description", "Keyboard"));
    awaitReceipt(WebhookReceipts.Kind.VERIFIED);
    assertFound(check("servicenow", 0), "PASS", "last verified webhook");
  }

  /** Of a webhook of ServiceNow. */
  private void awaitReceipt(WebhookReceipts.Kind kind) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                WebhookReceipts.find(
                        service.getBean(WebhookReceipts.class).all(), "servicenow", kind)
                    .isPresent());
  }
}
