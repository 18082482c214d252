package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.testkit.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Table API over HTTP, as "Table API" in ServiceNow's REST API reference describes it. */
class TableApiTest {
  private static final String TABLE = "/api/now/table/incident";
  private static final String PLAIN =
      "sysparm_display_value=false&sysparm_exclude_reference_link=true";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T03:00:00Z"));
  private final ServiceNowSimulator instance =
      ServiceNowSimulator.start(
          new ServiceNowOptions()
              .credentials("lockstep", "secret")
              .clock(clock)
              .userTimeZone(ZoneId.of("Europe/Berlin")));
  private final ServiceNowClient api = ServiceNowClient.basic(instance, "lockstep", "secret");
  private String ann = "";
  private String sysId = "";

  @BeforeEach
  void oneIncident() throws IOException {
    ann = instance.seedUser("ann", "Ann Agent", "ann@example.com");
    sysId =
        api.result(
                "POST",
                TABLE,
                "{\"short_description\":\"Mail is down\",\"impact\":1,\"assigned_to\":\""
                    + ann
                    + "\"}")
            .path("sys_id")
            .asText();
  }

  @AfterEach
  void close() {
    instance.close();
  }

  @Test
  void createsAndSaysWhere() throws IOException {
    HttpResponse<String> created =
        api.send("POST", TABLE + "?sysparm_fields=sys_id,number,state", "{}");
    assertThat(created.statusCode()).isEqualTo(201);
    JsonNode result = ServiceNowClient.JSON.readTree(created.body()).path("result");
    assertThat(result.fieldNames()).toIterable().containsExactly("sys_id", "number", "state");
    assertThat(created.headers().firstValue("Location"))
        .hasValue(instance.url() + TABLE + "/" + result.path("sys_id").asText());
    assertThat(created.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
  }

  @Test
  void answersEveryValueAsText() throws IOException {
    JsonNode record = api.result(TABLE + "/" + sysId + "?" + PLAIN);
    assertThat(record.properties())
        .hasSizeGreaterThan(40)
        .allSatisfy(field -> assertThat(field.getValue().isTextual()).isTrue());
    assertThat(record.path("impact").asText()).isEqualTo("1");
    assertThat(record.path("assigned_to").asText()).isEqualTo(ann);
    assertThat(record.path("work_notes").asText("-")).isEmpty();
    assertThat(record.path("sys_created_by").asText()).isEqualTo("lockstep");
  }

  @Test
  void linksReferencesUnlessToldNotTo() throws IOException {
    JsonNode assignee = api.result(TABLE + "/" + sysId).path("assigned_to");
    assertThat(assignee.path("value").asText()).isEqualTo(ann);
    assertThat(assignee.path("link").asText())
        .isEqualTo(instance.url() + "/api/now/table/sys_user/" + ann);
  }

  @Test
  void walksOverReferencesAndIgnoresUnknownFields() throws IOException {
    JsonNode record =
        api.result(
            TABLE
                + "/"
                + sysId
                + "?"
                + PLAIN
                + "&sysparm_fields=assigned_to.email,assignment_group.name,colour,cmdb_ci.colour");
    assertThat(record.toString())
        .isEqualTo("{\"assigned_to.email\":\"ann@example.com\",\"assignment_group.name\":\"\"}");
  }

  @Test
  void showsLabelsNamesAndLocalTimesAsDisplayValues() throws IOException {
    instance.as("ann").addWorkNote(sysId, "looking");
    String fields = "&sysparm_fields=state,assigned_to,opened_at,work_notes";
    JsonNode shown =
        api.result(
            TABLE
                + "/"
                + sysId
                + "?sysparm_display_value=true&sysparm_exclude_reference_link=true"
                + fields);
    assertThat(shown.path("state").asText()).isEqualTo("New");
    assertThat(shown.path("assigned_to").asText()).isEqualTo("Ann Agent");
    assertThat(shown.path("opened_at").asText()).isEqualTo("2026-11-24 04:00:00");
    assertThat(shown.path("work_notes").asText())
        .isEqualTo("2026-11-24 04:00:00 - Ann Agent (Work notes)\nlooking\n\n");
    JsonNode both = api.result(TABLE + "/" + sysId + "?sysparm_display_value=all" + fields);
    assertThat(both.path("state").toString())
        .isEqualTo("{\"display_value\":\"New\",\"value\":\"1\"}");
    assertThat(both.path("assigned_to").has("link")).isTrue();
    assertThat(both.path("opened_at").path("value").asText()).isEqualTo("2026-11-24 03:00:00");
  }

  @Test
  void takesDisplayValuesWhenAsked() throws IOException {
    JsonNode record =
        api.result(
            "PATCH",
            TABLE + "/" + sysId + "?sysparm_input_display_value=true&" + PLAIN,
            "{\"state\":\"In Progress\",\"due_date\":\"2026-11-24 05:00:00\"}");
    assertThat(record.path("state").asText()).isEqualTo("2");
    assertThat(record.path("due_date").asText()).isEqualTo("2026-11-24 04:00:00");
  }

  @ParameterizedTest
  @CsvSource({"PUT", "PATCH"})
  void updatesOnlyWhatIsSent(String method) throws IOException {
    clock.advance(Duration.ofSeconds(2));
    JsonNode record = api.result(method, TABLE + "/" + sysId + "?" + PLAIN, "{\"urgency\":\"1\"}");
    assertThat(record.path("priority").asText()).isEqualTo("1");
    assertThat(record.path("short_description").asText()).isEqualTo("Mail is down");
    assertThat(record.path("sys_mod_count").asText()).isEqualTo("1");
    assertThat(record.path("sys_updated_on").asText()).isEqualTo("2026-11-24 03:00:02");
  }

  @Test
  void emptiesAFieldWithNull() throws IOException {
    JsonNode record =
        api.result("PATCH", TABLE + "/" + sysId + "?" + PLAIN, "{\"assigned_to\":null}");
    assertThat(record.path("assigned_to").asText("-")).isEmpty();
  }

  @Test
  void countsCallsAndTheWritesThatChangeNothing() throws IOException {
    CallCounters calls = instance.calls();
    long reads = calls.reads();
    long writes = calls.writes();
    api.result("PATCH", TABLE + "/" + sysId, "{\"urgency\":\"1\"}");
    api.result("PATCH", TABLE + "/" + sysId, "{\"urgency\":\"1\"}");
    api.result(TABLE + "/" + sysId);
    instance.as("ann").update(sysId, Map.of("urgency", "2"));
    assertThat(calls.writes() - writes).isEqualTo(2);
    assertThat(calls.reads() - reads).isEqualTo(1);
    assertThat(instance.emptyWrites()).isEqualTo(1);
    assertThat(calls.byMethod()).containsEntry("PATCH", 2L);
    assertThat(calls.byRoute()).containsEntry("PATCH " + TABLE + "/{sys_id}", 2L);
  }

  @Test
  void deletesAndThenFindsNothing() throws IOException {
    HttpResponse<String> deleted = api.send("DELETE", TABLE + "/" + sysId, "");
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(api.get(TABLE + "/" + sysId).statusCode()).isEqualTo(404);
  }

  @Test
  void readsTheJournalAsATable() throws IOException {
    instance.as("ann").addWorkNote(sysId, "looking");
    api.result("PATCH", TABLE + "/" + sysId, "{\"comments\":\"hello\"}");
    JsonNode rows =
        api.result(
            "/api/now/table/sys_journal_field?sysparm_query="
                + ServiceNowClient.query("element_id=" + sysId + "^ORDERBYelement")
                + "&sysparm_fields=element,value,sys_created_by,name");
    assertThat(rows.toString())
        .isEqualTo(
            "[{\"element\":\"comments\",\"value\":\"hello\",\"sys_created_by\":\"lockstep\","
                + "\"name\":\"incident\"},{\"element\":\"work_notes\",\"value\":\"looking\","
                + "\"sys_created_by\":\"ann\",\"name\":\"incident\"}]");
    HttpResponse<String> forged =
        api.send("POST", "/api/now/table/sys_journal_field", "{\"element_id\":\"" + sysId + "\"}");
    assertThat(forged.statusCode()).isEqualTo(403);
  }

  @Test
  void findsServicesAmongConfigurationItems() throws IOException {
    instance.seedService("Mail");
    instance.seedItem("mail01");
    assertThat(api.result("/api/now/table/cmdb_ci?sysparm_fields=name")).hasSize(2);
    assertThat(api.result("/api/now/table/cmdb_ci_service?name=Mail")).hasSize(1);
    assertThat(api.result("/api/now/table/cmdb_ci_service?name=mail01")).isEmpty();
  }

  /** Every record once, though all share one second and the order is theirs by sys_id alone. */
  @Test
  void pagesThroughEverythingOnceByFollowingTheLinks() throws IOException {
    List<String> created = new ArrayList<>(List.of(sysId));
    for (int i = 0; i < 52; i++) {
      created.add(instance.as("ann").create("incident", Map.of()));
    }
    String next =
        TABLE
            + "?sysparm_limit=10&sysparm_fields=sys_id&sysparm_query="
            + ServiceNowClient.query("stateIN1,2^ORDERBYsys_updated_on^ORDERBYsys_id");
    List<String> seen = new ArrayList<>();
    while (!next.isEmpty()) {
      HttpResponse<String> page = api.get(next);
      assertThat(page.headers().firstValue("X-Total-Count")).hasValue("53");
      ServiceNowClient.JSON
          .readTree(page.body())
          .path("result")
          .forEach(record -> seen.add(record.path("sys_id").asText()));
      next = link(page, "next");
    }
    assertThat(seen).hasSize(53);
    assertThat(new HashSet<>(seen)).isEqualTo(new HashSet<>(created));
  }

  @Test
  void linksFirstPreviousNextAndLastPage() throws IOException {
    for (int i = 0; i < 24; i++) {
      instance.as("ann").create("incident", Map.of());
    }
    HttpResponse<String> page = api.get(TABLE + "?sysparm_limit=10&sysparm_offset=10");
    assertThat(link(page, "first")).contains("sysparm_offset=0");
    assertThat(link(page, "prev")).contains("sysparm_offset=0");
    assertThat(link(page, "next")).contains("sysparm_offset=20");
    assertThat(link(page, "last")).contains("sysparm_offset=20");
    HttpResponse<String> bare =
        api.get(TABLE + "?sysparm_suppress_pagination_header=true&sysparm_no_count=true");
    assertThat(bare.headers().map()).doesNotContainKeys("link", "x-total-count");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /api/now/table/incident/none    | ''       | application/json | 404 | No Record"
            + " found",
        "PATCH  | /api/now/table/incident/none    | {}       | application/json | 404 | No Record"
            + " found",
        "DELETE | /api/now/table/incident/none    | ''       | application/json | 404 | No Record"
            + " found",
        "GET    | /api/now/v1/table/incident?number=x | ''   | application/json | 404 | No Record"
            + " found",
        "GET    | /api/now/table/gadget           | ''       | application/json | 400 | Invalid"
            + " table gadget",
        "POST   | /api/now/table/gadget           | {}       | application/json | 400 | Invalid"
            + " table gadget",
        "GET    | /api/now/gadgets                | ''       | application/json | 400 | Requested"
            + " URI does not represent any resource",
        "POST   | /api/now/table/incident         | {oops    | application/json | 400 | Exception"
            + " while reading request",
        "POST   | /api/now/table/incident         | [1]      | application/json | 400 | Exception"
            + " while reading request",
        "GET    | /api/now/table/incident?sysparm_offset=-1 | '' | application/json | 400 | Invalid"
            + " value for parameter sysparm_offset",
        "POST   | /api/now/table/incident         | a=b      | application/x-www-form-urlencoded |"
            + " 415 | Unsupported Media Type",
        "DELETE | /api/now/table/incident         | ''       | application/json | 405 | Method not"
            + " supported",
        "POST   | /api/now/table/incident/none    | {}       | application/json | 405 | Method not"
            + " supported"
      })
  void refusesAsTheRealOneDoes(
      String method, String path, String body, String type, int status, String message)
      throws IOException {
    HttpResponse<String> refused = api.send(method, path, body, type);
    assertThat(refused.statusCode()).isEqualTo(status);
    JsonNode error = ServiceNowClient.JSON.readTree(refused.body());
    assertThat(error.path("error").path("message").asText()).isEqualTo(message);
    assertThat(error.path("error").has("detail")).isTrue();
    assertThat(error.path("status").asText()).isEqualTo("failure");
  }

  @Test
  void refusesToResolveWithoutAReason() throws IOException {
    HttpResponse<String> refused = api.send("PATCH", TABLE + "/" + sysId, "{\"state\":\"6\"}");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .isEqualTo(
            "{\"error\":{\"message\":\"Operation Failed\",\"detail\":\"Data Policy Exception: The"
                + " following fields are mandatory: Resolution code, Resolution notes\"},"
                + "\"status\":\"failure\"}");
    assertThat(instance.value(sysId, "state")).isEqualTo("1");
  }

  private static String link(HttpResponse<String> page, String relation) {
    String header = page.headers().firstValue("Link").orElse("");
    Matcher matcher =
        Pattern.compile("<https?://[^/]+([^>]*)>;rel=\"" + relation + "\"").matcher(header);
    return matcher.find() ? matcher.group(1) : "";
  }
}
