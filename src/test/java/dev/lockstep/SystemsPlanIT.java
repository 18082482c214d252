package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.backfill.Backfills;
import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.cli.Commands;
import dev.lockstep.dryrun.SavedPlan;
import dev.lockstep.dryrun.SavedPlans;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@code ./lockstep plan} against simulated systems: what it shows is what the service then writes.
 * The tests are the life of one installation, in order.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SystemsPlanIT {
  private static final String BOT = "lockstep@example.com";

  private final Map<String, String> settings = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private PagerDutySimulator pagerDuty;
  private ServiceNowSimulator serviceNow;
  private ConfigurableApplicationContext service;
  private JsonNode first;
  private String ticket;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path dir) {
    folder = dir;
    pagerDuty = PagerDutySimulator.start(PagerDutyOptions.defaults());
    pagerDuty.user("Lockstep", BOT);
    pagerDuty.service("Portal", pagerDuty.escalationPolicy("Web", BOT));
    serviceNow =
        ServiceNowSimulator.start(new ServiceNowOptions().credentials("lockstep", "password"));
    serviceNow.seedUser("ann", "Ann", "ann@example.com");
    settings.put("LOCKSTEP_PORT", "0");
    settings.put("LOCKSTEP_MAPPINGS", "incident");
    settings.put("LOCKSTEP_DUPLICATES_EMBEDDING", "false");
    settings.put("LOCKSTEP_DATA_DIR", dir.resolve("data").toString());
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_FROM", BOT);
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", "sandbox-webhook-secret");
    settings.put("PAGERDUTY_POLL_INTERVAL", "1s");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "password");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "sandbox-webhook-secret");
    settings.put("SERVICENOW_POLL_INTERVAL", "1s");
    ticket =
        serviceNow
            .as("ann")
            .create(
                "incident",
                Map.of(
                    "short_description", "Portal is down",
                    "description", "Nobody can log in.",
                    "impact", "1",
                    "urgency", "1",
                    "state", "2",
                    "cmdb_ci", serviceNow.seedItem("Portal")));
    serviceNow.as("ann").addWorkNote(ticket, "Looking into it.");
    var incident = pagerDuty.as(BOT).createIncident("Portal", "Search is slow");
    pagerDuty.as(BOT).setPriority(incident.id(), "P1");
    pagerDuty.as(BOT).addNote(incident.id(), "Index is rebuilding.");
    serviceNow
        .as("ann")
        .create("incident", Map.of("short_description", "Mouse", "impact", "3", "urgency", "3"));
  }

  @AfterAll
  void stop() {
    if (service != null) {
      service.close();
    }
    pagerDuty.close();
    serviceNow.close();
  }

  @Test
  @Order(0)
  void showsWhatAFirstStartWouldWriteAndWritesNothing() throws IOException {
    first = json(2, "plan", "--json", "--save", "first.json");
    assertThat(texts(first.path("records"), "operation"))
        .containsExactlyInAnyOrder("CREATE", "CREATE", "NOTES", "NOTES");
    JsonNode created = record(first, "pagerduty", "Portal is down");
    assertThat(field(created, "priority").path("after").asText()).isEqualTo("P1");
    assertThat(field(created, "priority").path("source").asText()).isEqualTo("1/1");
    assertThat(field(created, "status").path("after").asText()).isEqualTo("acknowledged");
    assertThat(field(created, "status").path("mapping").asText()).isEqualTo("incident");
    assertThat(texts(created.path("notes"), "text")).anyMatch(t -> t.contains("Looking into it."));
    assertThat(texts(first.path("gaps"), "field")).contains("group");
    assertThat(first.path("problems")).isEmpty();
    assertThat(pagerDuty.calls().writes()).isZero();
    assertThat(serviceNow.calls().writes()).isZero();
    assertThat(folder.resolve("data")).doesNotExist();
    assertThat(new ObjectMapper().readTree(folder.resolve("first.json").toFile())).isEqualTo(first);
  }

  @Test
  @Order(1)
  void theServiceThenWritesJustThat() {
    service = Application.start(settings);
    JdbcClient database = service.getBean(JdbcClient.class);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                database
                            .sql("select count(*) from pair where state = 'LINKED'")
                            .query(Long.class)
                            .single()
                        == 2
                    && database.sql("select count(*) from inbox_entry").query(Long.class).single()
                        == 0);
    assertThat(writes("pagerduty")).isEqualTo(pagerDuty.calls().writes());
    assertThat(writes("servicenow")).isEqualTo(serviceNow.calls().writes());
    for (JsonNode record : first.path("records")) {
      Map<String, String> values = values(database, record);
      record
          .path("fields")
          .forEach(
              field ->
                  assertThat(values)
                      .containsEntry(field.path("field").asText(), field.path("after").asText()));
    }
  }

  @Test
  @Order(2)
  void hasNothingToShowWhileTheServiceIsInSync() throws IOException {
    long before = serviceNow.calls().writes() + pagerDuty.calls().writes();
    JsonNode plan = json(0, "plan", "--json");
    assertThat(plan.path("records")).isEmpty();
    assertThat(plan.path("compared").asInt()).isPositive();
    assertThat(serviceNow.calls().writes() + pagerDuty.calls().writes()).isEqualTo(before);
    assertThat(schemas(service.getBean(JdbcClient.class))).as("schemas left").isZero();
  }

  @Test
  @Order(3)
  void showsAnEditLikeADiffWithTheRuleThatCausesIt() {
    service.close();
    service = null;
    serviceNow.as("ann").update(ticket, Map.of("short_description", "Portal is slow"));
    assertThat(run("plan", "--no-json", "--since", "1h")).isEqualTo(2);
    assertThat(out.toString())
        .contains("PagerDuty\n")
        .containsPattern("~ #\\d+ +Portal is (down|slow) +\\(with INC0010001\\)")
        .containsPattern(
            "title +Portal is down → Portal is slow +\\[incident: INC0010001 is Portal is slow]")
        .contains("Nothing was written to any system.");
  }

  /** It was saved before the service was started. */
  @Test
  @Order(4)
  void theServiceDoesNotCarryOutAPlanOfRecordsThatChangedSince() {
    service = Application.start(settings);
    Backfills backfills = service.getBean(Backfills.class);
    assertThat(backfills.apply(first, "ann")).isPresent();
    awaitEnd(backfills);
    assertThat(backfills.findLatest().orElseThrow().refused())
        .singleElement()
        .satisfies(one -> assertThat(one.reason()).startsWith("INC0010001 was changed"));
    assertThat(pagerDuty.incidents()).hasSize(2);
    service.close();
    service = null;
  }

  /** As the console does, beside the running service, which sees new tickets only once an hour. */
  @Test
  @Order(5)
  void aPlanOfTheConsoleIsMadeKeptAndCarriedOutButForWhatChangedSince() {
    Map<String, String> hourly = new HashMap<>(settings);
    hourly.put("PAGERDUTY_POLL_INTERVAL", "1h");
    hourly.put("SERVICENOW_POLL_INTERVAL", "1h");
    Instant start = Clock.systemUTC().instant();
    service = Application.start(hourly);
    JdbcClient database = service.getBean(JdbcClient.class);
    await().atMost(Duration.ofSeconds(60)).until(() -> isIdle(database, start));
    outage("Mail is slow");
    String changed = outage("Mail is down");
    long writes = serviceNow.calls().writes() + pagerDuty.calls().writes();
    SavedPlans plans = service.getBean(SavedPlans.class);
    SavedPlan.Request request =
        new SavedPlan.Request(
            LocalDate.ofInstant(start.minus(Duration.ofDays(1)), ZoneOffset.UTC),
            "servicenow",
            "incident",
            "",
            100,
            new StartPolicy(OlderNotes.ALL, ""));

    long id = plans.start(request, "ann").orElseThrow().id();

    assertThat(plans.start(request, "bob")).as("a second one").isEmpty();
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> plans.find(id).orElseThrow().finishedAt() != null);
    SavedPlan made = plans.find(id).orElseThrow();
    assertThat(made.problem()).isNull();
    assertThat(serviceNow.calls().writes() + pagerDuty.calls().writes()).isEqualTo(writes);
    List<SavedPlans.Line> lines = plans.records(id, "", "", 0, 100);
    assertThat(lines).hasSize(made.records());
    assertThat(plans.records(id, "pagerduty", "CREATE", 0, 100))
        .extracting(line -> line.record().title())
        .containsExactlyInAnyOrder("Mail is slow", "Mail is down");
    assertThat(schemas(database)).as("schemas left").isZero();

    serviceNow.as("ann").update(changed, Map.of("short_description", "Mail is back"));
    Backfills backfills = service.getBean(Backfills.class);
    assertThat(
            plans.apply(
                made,
                "ann",
                document -> backfills.apply(document, "ann").map(started -> started.run().id())))
        .isPresent();
    awaitEnd(backfills);
    assertThat(backfills.findLatest().orElseThrow().refused())
        .singleElement()
        .satisfies(one -> assertThat(one.record().id()).isEqualTo(changed));
    assertThat(pagerDuty.incidents()).hasSize(3);
    assertThat(pagerDuty.incidents().toString())
        .contains("Mail is slow")
        .doesNotContain("Mail is back");
  }

  /** What a plan has in the database is deleted when it is stopped. */
  @Test
  @Order(6)
  void aPlanOfTheConsoleCanBeStopped() {
    JdbcClient database = service.getBean(JdbcClient.class);
    SavedPlans plans = service.getBean(SavedPlans.class);
    long id =
        plans
            .start(
                new SavedPlan.Request(
                    LocalDate.parse("2026-01-01"),
                    "",
                    "",
                    "",
                    100,
                    new StartPolicy(OlderNotes.ALL, "")),
                "ann")
            .orElseThrow()
            .id();
    await().atMost(Duration.ofSeconds(60)).until(() -> schemas(database) == 1);

    assertThat(plans.stop("bob")).isTrue();

    await().atMost(Duration.ofSeconds(60)).until(() -> schemas(database) == 0);
    assertThat(plans.find(id).orElseThrow().state()).isEqualTo("STOPPED");
    assertThat(plans.find(id).orElseThrow().summary()).isNull();
    service.close();
    service = null;
  }

  private String outage(String title) {
    return serviceNow
        .as("ann")
        .create(
            "incident",
            Map.of(
                "short_description",
                title,
                "impact",
                "1",
                "urgency",
                "1",
                "cmdb_ci",
                serviceNow.seedItem("Portal")));
  }

  private static boolean isIdle(JdbcClient database, Instant since) {
    return database
        .sql(
            """
            select not exists (select 1 from inbox_entry)
              and not exists (select 1 from watermark where succeeded_at is null or succeeded_at < ?)
            """)
        .param(Timestamp.from(since))
        .query(Boolean.class)
        .single();
  }

  private static long schemas(JdbcClient database) {
    return database
        .sql("select count(*) from information_schema.schemata where schema_name like 'plan_%'")
        .query(Long.class)
        .single();
  }

  private static void awaitEnd(Backfills backfills) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var latest = backfills.findLatest().orElseThrow();
              return latest.run().finishedAt() != null && latest.pending() == 0;
            });
  }

  @Test
  @Order(7)
  void showsWhatAChangedMappingWouldWriteToThePairsThatExist() throws IOException {
    Path changed = Files.createDirectories(folder.resolve("changed"));
    String mapping = Files.readString(Path.of("mappings/incident.yaml"));
    Files.writeString(
        changed.resolve("incident.yaml"),
        mapping.replace(
            "\nfields:\n",
            "\n"
                + "fields:\n"
                + "  impact:\n"
                + "    owner: left\n"
                + "    left: impact\n"
                + "    right: {tell: {text: \"Impact: {{value}}\"}}\n\n"));
    JsonNode plan = json(2, "plan", "--json", "--mapping", "changed");
    assertThat(plan.path("compared").asInt()).isEqualTo(3);
    List<String> notes = new ArrayList<>();
    plan.path("records").forEach(record -> notes.addAll(texts(record.path("notes"), "text")));
    assertThat(notes).contains("Impact: 1");
  }

  @Test
  @Order(8)
  void looksAtNoMoreThanTheLimit() throws IOException {
    JsonNode plan = json(0, "plan", "--json", "--limit", "1");
    assertThat(plan.path("compared").asInt()).isEqualTo(1);
  }

  @Test
  @Order(8)
  void looksAtWhatAQueryOfTheSystemMatches() throws IOException {
    JsonNode plan =
        json(0, "plan", "--json", "--system", "servicenow", "--query", "short_description=Mouse");
    assertThat(plan.path("compared").asInt()).isEqualTo(1);
    JsonNode refused = json(1, "plan", "--json", "--system", "servicenow", "--query", "a=1^NQb=2");
    assertThat(texts(refused.path("problems"), "problem").toString())
        .contains("would change the meaning of the listing");
  }

  /** The service with these settings would, and would write notes about it. */
  @Test
  @Order(8)
  void assignsNobodyAndAsksForNobodyOnCall() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("communications.yaml"),
            """
            incident-manager:
              levels: [P1]
              within: 1m
              assign: automatic
              candidates: [{system: pagerduty, escalation-policy: P1}, ann@example.com]
              escalate: [{after: 0m, to: [{system: servicenow, visibility: internal}]}]
            on-call: {levels: [P1], system: pagerduty, escalation-policy: {field: group}}
            """);
    List<String> asked = new CopyOnWriteArrayList<>();
    pagerDuty.onRequest(call -> asked.add(call.url()));
    long before = serviceNow.calls().writes() + pagerDuty.calls().writes();
    settings.put("LOCKSTEP_COMMUNICATIONS", file.toString());
    assertThat(run("plan", "--json")).isIn(0, 2);
    settings.remove("LOCKSTEP_COMMUNICATIONS");
    assertThat(asked).isNotEmpty().noneMatch(url -> url.startsWith("/oncalls"));
    assertThat(serviceNow.calls().writes() + pagerDuty.calls().writes()).isEqualTo(before);
    assertThat(out.toString()).doesNotContain("ncident manager");
  }

  @Test
  @Order(9)
  void saysWhatCouldNotBeRead() throws IOException {
    settings.put("PAGERDUTY_TOKEN", "revoked");
    JsonNode plan = json(1, "plan", "--json", "--kind", "incident");
    assertThat(texts(plan.path("problems"), "problem").toString()).contains("PAGERDUTY_TOKEN");
  }

  @Test
  @Order(10)
  void saysWhatIsWrongWithItsOptions() {
    assertThat(run("plan", "--since", "tomorrow")).isEqualTo(1);
    assertThat(run("plan", "--since", "2999-01-01")).isEqualTo(1);
    assertThat(run("plan", "--limit", "0")).isEqualTo(1);
    assertThat(run("plan", "--mapping", "nowhere")).isEqualTo(1);
    assertThat(err.toString().lines())
        .anyMatch(line -> line.contains("'tomorrow' is not a time; write 2026-11-01"))
        .anyMatch(line -> line.contains("2999-01-01 is not in the past"))
        .anyMatch(line -> line.contains("--limit: use a number from 1"))
        .anyMatch(line -> line.contains("nowhere is not a folder"));
  }

  private static Map<String, String> values(JdbcClient database, JsonNode record) {
    Map<String, String> values = new HashMap<>();
    database
        .sql(
            """
            select f.key, f.value from record, jsonb_each_text(state -> 'values' -> 'incident') f
            where ref like ? and state -> 'values' -> 'incident' ->> 'title' = ?
            """)
        .params(record.path("system").asText() + "/%", record.path("title").asText())
        .query(
            rs -> {
              values.put(rs.getString(1), rs.getString(2));
            });
    return values;
  }

  private int writes(String system) {
    return Stream.of(first.path("systems"))
        .flatMap(all -> Stream.iterate(0, i -> i < all.size(), i -> i + 1).map(all::get))
        .filter(one -> one.path("system").asText().equals(system))
        .mapToInt(one -> one.path("writes").asInt())
        .sum();
  }

  private static JsonNode record(JsonNode plan, String system, String title) {
    for (JsonNode record : plan.path("records")) {
      if (record.path("system").asText().equals(system)
          && record.path("title").asText().equals(title)) {
        return record;
      }
    }
    throw new AssertionError("no " + system + " record '" + title + "' in " + plan);
  }

  private static JsonNode field(JsonNode record, String name) {
    for (JsonNode field : record.path("fields")) {
      if (field.path("field").asText().equals(name)) {
        return field;
      }
    }
    return MissingNode.getInstance();
  }

  private static List<String> texts(JsonNode list, String name) {
    List<String> texts = new ArrayList<>();
    list.forEach(one -> texts.add(one.path(name).asText()));
    return texts;
  }

  private JsonNode json(int exitCode, String... arguments) throws IOException {
    assertThat(run(arguments)).as("%s%n%s", out, err).isEqualTo(exitCode);
    assertThat(out.toString()).as(err.toString()).isNotBlank();
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    return Commands.create(
            warmUp -> {},
            (running, within) -> MissingNode.getInstance(),
            (request, observer) -> SystemsPlan.run(settings, request, observer),
            new CliEnvironment(Map.of(), folder, false, 0, "ann"),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .execute(arguments);
  }
}
