package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.backfill.Backfills;
import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.cli.Commands;
import dev.lockstep.pair.WaitingNoteStore.WaitingNote;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowPerson;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import dev.lockstep.sandbox.statuspage.PageComponent;
import dev.lockstep.sandbox.statuspage.PageIncident;
import dev.lockstep.sandbox.statuspage.PageIncidentStatus;
import dev.lockstep.sandbox.statuspage.StatuspageOptions;
import dev.lockstep.sandbox.statuspage.StatuspageSimulator;
import dev.lockstep.sync.NoteApprovals;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import dev.lockstep.testkit.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How a page goes live: it is checked, planned, and filled with what is open already. The tests are
 * the life of one installation, in order.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StatuspageRunIT {
  private static final String COMMENT = "Half of all requests fail";

  private final Map<String, String> settings = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ShiftedClock clock = new ShiftedClock();
  private StatuspageSimulator page;
  private ServiceNowSimulator serviceNow;
  private ServiceNowPerson ann;
  private ConfigurableApplicationContext service;
  private Path folder;
  private String mapping;
  private String portal;
  private String open;
  private PageComponent payments;

  @BeforeAll
  void start(@TempDir Path dir) throws IOException {
    folder = dir;
    mapping = Files.readString(Path.of("mappings/incident.statuspage.yaml"));
    page = StatuspageSimulator.start(StatuspageOptions.defaults().withCallsPerMinute(0));
    page.component("Customer portal");
    payments = page.component("Payments");
    serviceNow =
        ServiceNowSimulator.start(
            new ServiceNowOptions().credentials("lockstep", "password").clock(clock));
    ann = serviceNow.as("ann");
    portal = serviceNow.seedService("Customer portal");
    String paymentsThere = serviceNow.seedService("Payments");
    settings.putAll(TestDatabase.settings());
    settings.put("LOCKSTEP_PORT", "0");
    settings.put("LOCKSTEP_MAPPINGS", "incident.statuspage");
    settings.put("LOCKSTEP_MAPPINGS_DIR", folder.resolve("mappings").toString());
    settings.put("LOCKSTEP_DUPLICATES_EMBEDDING", "false");
    settings.put("LOCKSTEP_DATA_DIR", dir.resolve("data").toString());
    settings.put("STATUSPAGE_URL", page.url());
    settings.put("STATUSPAGE_TOKEN", "sandbox-token");
    settings.put("STATUSPAGE_PAGE_ID", page.page());
    settings.put("STATUSPAGE_POLL_INTERVAL", "300ms");
    settings.put("STATUSPAGE_LISTED_WITHIN", "500ms");
    settings.put("STATUSPAGE_CALLS_PER_10_SECONDS", "10000");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "password");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "sandbox-webhook-secret");
    settings.put("SERVICENOW_POLL_INTERVAL", "300ms");
    open = ticket(portal);
    ann.addComment(open, COMMENT);
    String resolved = ticket(portal);
    ann.update(
        resolved,
        Map.of("state", "6", "close_code", "Solution provided", "close_notes", "Restarted"));
    ticket(paymentsThere);
    clock.behind = Duration.ZERO;
    use(mapping.replace("field: priority, in: [\"1/1\"]", "field: priority, in: [\"3/3\"]"));
  }

  /** What is older than its overlap is not polled again. */
  private static final class ShiftedClock extends Clock {
    volatile Duration behind = Duration.ofHours(2);

    @Override
    public Instant instant() {
      return Clock.systemUTC().instant().minus(behind);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return Clock.offset(Clock.system(zone), behind.negated());
    }
  }

  private String ticket(String item) {
    return ann.create(
        "incident",
        Map.of("short_description", "Down", "impact", "1", "urgency", "1", "cmdb_ci", item));
  }

  /** With the mapping that publishes what is over, too, but only of some services. */
  private String publishing(String services) {
    return mapping
        .replace("in: [\"1\", \"2\", \"3\"]} # work", "in: [\"1\", \"2\", \"3\", \"6\"]} # work")
        .replace("in: [Customer portal, Payments]", "in: [" + services + "]");
  }

  private void use(String text) throws IOException {
    Path files = Files.createDirectories(folder.resolve("mappings"));
    Files.writeString(files.resolve("incident.statuspage.yaml"), text);
  }

  @AfterEach
  void stopService() {
    if (service != null) {
      service.close();
      service = null;
    }
  }

  @AfterAll
  void stop() {
    page.close();
    serviceNow.close();
    // A check silences the process's log.
    LoggingSystem logging = LoggingSystem.get(StatuspageRunIT.class.getClassLoader());
    SystemsCheck.QUIET.keySet().stream()
        .filter(name -> name.startsWith("logging.level."))
        .map(name -> name.substring("logging.level.".length()))
        .forEach(name -> logging.setLogLevel(name, name.equals("root") ? LogLevel.INFO : null));
  }

  private JsonNode run(int code, String... arguments) throws IOException {
    out.getBuffer().setLength(0);
    int ended =
        Commands.create(
                warmUp -> {},
                (running, within) -> SystemsCheck.run(settings, running, within),
                (request, observer) -> SystemsPlan.run(settings, request, observer),
                new CliEnvironment(Map.of(), folder, false, 0, "ann"),
                new PrintWriter(out, true),
                new PrintWriter(err, true))
            .execute(arguments);
    assertThat(ended).as("%s%n%s", out, err).isEqualTo(code);
    return out.toString().isBlank()
        ? MissingNode.getInstance()
        : new ObjectMapper().readTree(out.toString());
  }

  private JsonNode check(int code, String name) throws IOException {
    for (JsonNode finding : run(code, "check", "--json")) {
      if (finding.path("system").asText().equals("statuspage")
          && finding.path("check").asText().equals(name)) {
        return finding;
      }
    }
    throw new AssertionError("no " + name + " in " + out);
  }

  @Test
  @Order(0)
  void checkProvesThePageAndTheComponentsOfTheMappings() throws IOException {
    assertThat(check(0, "page").path("status").asText()).isEqualTo("PASS");
    assertThat(check(0, "components of the mappings").path("found").asText())
        .isEqualTo("all are known");
    assertThat(check(0, "write access").path("status").asText()).isEqualTo("WARNING");

    page.deleteComponent(payments.id());
    JsonNode missing = check(0, "components of the mappings");
    assertThat(missing.path("status").asText()).isEqualTo("WARNING");
    assertThat(missing.path("found").asText()).isEqualTo("Payments is not found");
    assertThat(missing.path("advice").asText()).contains("Create them on the page");
    page.component("Payments");

    settings.put("STATUSPAGE_PAGE_ID", "another0page");
    assertThat(check(1, "page").path("advice").asText()).contains("STATUSPAGE_PAGE_ID");
    settings.put("STATUSPAGE_PAGE_ID", page.page());
    settings.put("STATUSPAGE_TOKEN", "revoked");
    assertThat(run(1, "check", "--json").toString()).contains("Check STATUSPAGE_TOKEN");
    settings.put("STATUSPAGE_TOKEN", "sandbox-token");
    assertThat(page.calls().writes()).isZero();
  }

  @Test
  @Order(1)
  void aPlanShowsThePublicationAndNoTextThatWouldWait() throws IOException {
    use(publishing("Customer portal"));
    JsonNode plan = run(2, "plan", "--json", "--since", "3h");

    List<String> created = new ArrayList<>();
    for (JsonNode record : plan.path("records")) {
      if (record.path("system").asText().equals("statuspage")) {
        created.add(record.path("operation").asText());
        assertThat(record.path("notes")).isEmpty();
      }
    }
    assertThat(created).containsExactly("CREATE", "CREATE");
    assertThat(page.calls().writes()).isZero();
    assertThat(page.incidents()).isEmpty();
    use(mapping.replace("field: priority, in: [\"1/1\"]", "field: priority, in: [\"3/3\"]"));
  }

  private void startService() {
    service = Application.start(settings);
  }

  private long count(String sql) {
    return service.getBean(JdbcClient.class).sql(sql).query(Long.class).single();
  }

  private void awaitRest() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> count("select count(*) from inbox_entry") == 0);
  }

  /** The polls have read what there is, and found nothing of it in scope. */
  @Test
  @Order(2)
  void publishesNothingOutOfScope() {
    startService();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                count("select count(*) from watermark where feed like 'servicenow/incident%'") > 0);
    awaitRest();
    assertThat(page.incidents()).isEmpty();
    assertThat(count("select count(*) from note_delivery")).isZero();
  }

  private void backfill() {
    Backfills backfills = service.getBean(Backfills.class);
    backfills
        .start(
            Instant.EPOCH,
            new Selection("servicenow", "incident", ""),
            new StartPolicy(OlderNotes.ALL, ""),
            "ann")
        .orElseThrow();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var latest = backfills.findLatest().orElseThrow();
              return latest.run().finishedAt() != null && latest.pending() == 0;
            });
    awaitRest();
  }

  @Test
  @Order(3)
  void aBackfillPublishesWithoutNotifyingSubscribersAndItsCommentsWait() throws IOException {
    use(publishing("Customer portal"));
    startService();
    backfill();

    assertThat(page.incidents())
        .extracting(PageIncident::status)
        .containsExactlyInAnyOrder(PageIncidentStatus.INVESTIGATING, PageIncidentStatus.RESOLVED);
    assertThat(page.notifications()).isEmpty();
    assertThat(service.getBean(NoteApprovals.class).list(10))
        .singleElement()
        .extracting(WaitingNote::text)
        .isEqualTo(COMMENT);
    assertThat(page.publicTexts()).noneMatch(text -> text.contains(COMMENT));

    // What happens from now on is news.
    ann.update(open, Map.of("state", "2"));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(page.notifications())
                    .singleElement()
                    .asString()
                    .contains("has been identified"));
    ticket(portal);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(page.notifications()).hasSize(2));
  }

  @Test
  @Order(4)
  void aBackfillNotifiesSubscribersIfItsMappingSaysSo() throws IOException {
    use(
        publishing("Customer portal, Payments")
            .replace("backfill:\n  right: {deliver_notifications: \"false\"}\n", ""));
    int before = page.incidents().size();
    int notified = page.notifications().size();
    startService();
    backfill();

    assertThat(page.incidents()).hasSize(before + 1);
    assertThat(page.notifications()).hasSize(notified + 1).last().asString().contains("Payments");
  }
}
