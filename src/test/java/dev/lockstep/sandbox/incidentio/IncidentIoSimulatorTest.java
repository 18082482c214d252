package dev.lockstep.sandbox.incidentio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.incidentio.IncidentIoOptions.RepeatedKeys;
import dev.lockstep.testkit.SettableClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator by itself, with every answer held against incident.io's document. */
class IncidentIoSimulatorTest {
  private static final String ANN = "ann@example.com";
  private static final String NEW =
      """
      {"idempotency_key": "k1", "visibility": "public", "name": "Mail is down", "severity_id": "%s"}
      """;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T10:00:00Z"));
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<Exchange> calls = new ConcurrentLinkedQueue<>();
  private IncidentIoSimulator incidentIo = start(IncidentIoOptions.defaults());

  private IncidentIoSimulator start(IncidentIoOptions options) {
    IncidentIoSimulator started = IncidentIoSimulator.start(options.clock(clock));
    started.onRequest(calls::add);
    started.organisation().member("Ann", ANN);
    return started;
  }

  private void restart(IncidentIoOptions options) {
    incidentIo.close();
    incidentIo = start(options);
  }

  @AfterEach
  void holdAgainstTheDocument() {
    incidentIo.close();
    IncidentIoDocument.find()
        .ifPresent(
            document ->
                assertThat(
                        calls.stream()
                            .filter(call -> call.status() == 200)
                            .flatMap(call -> document.brokenByResponse(call).stream())
                            .distinct())
                    .isEmpty());
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(incidentIo.url() + path))
            .header("Authorization", "Bearer sandbox-token")
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = send("GET", path, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private List<String> names(String query) throws Exception {
    List<String> names = new ArrayList<>();
    get("/v2/incidents" + query)
        .path("incidents")
        .forEach(incident -> names.add(incident.path("name").asText()));
    return names;
  }

  private void declare(int count) {
    IntStream.rangeClosed(1, count)
        .forEach(number -> incidentIo.as(ANN).declare("Incident " + number, "Major"));
  }

  @Test
  void listsPageByPageAndEachIncidentOnce() throws Exception {
    declare(60);
    List<String> all = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String after = "";
    do {
      JsonNode page =
          get("/v2/incidents?page_size=25" + (after.isEmpty() ? "" : "&after=" + after));
      List<String> ids = new ArrayList<>();
      page.path("incidents").forEach(one -> ids.add(one.path("id").asText()));
      sizes.add(ids.size());
      all.addAll(ids);
      after = page.at("/pagination_meta/after").asText("");
    } while (!after.isEmpty());

    assertThat(sizes).containsExactly(25, 25, 10);
    assertThat(all).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void hasNoPageOfMoreThan250() throws Exception {
    declare(251);

    assertThat(names("?page_size=250")).hasSize(250);
    assertThat(names("")).hasSize(25);
    for (String size : List.of("251", "0", "-1", "many")) {
      assertThat(send("GET", "/v2/incidents?page_size=" + size, "").statusCode()).isEqualTo(422);
    }
    assertThat(send("GET", "/v2/incidents?after=01NONE", "").statusCode()).isEqualTo(422);
  }

  @Test
  void filtersByDaysAndNotByHours() throws Exception {
    declare(1);
    clock.advance(Duration.ofDays(2));
    incidentIo.as(ANN).declare("Incident of the 22nd", "Minor");

    assertThat(names("?created_at[gte]=2026-11-21")).containsExactly("Incident of the 22nd");
    assertThat(names("?created_at[lte]=2026-11-21")).containsExactly("Incident 1");
    assertThat(names("?created_at[date_range]=2026-11-20~2026-11-21"))
        .containsExactly("Incident 1");
    assertThat(send("GET", "/v2/incidents?updated_at[gte]=2026-11-21T10:00:00Z", "").statusCode())
        .isEqualTo(422);
  }

  @Test
  void filtersByStatusSeverityAndFieldsWithOptions() throws Exception {
    Organisation organisation = incidentIo.organisation();
    declare(2);
    String minor = incidentIo.as(ANN).declare("Incident 3", "Minor");
    incidentIo.as(ANN).move(minor, "Closed");
    var area = organisation.field("Area", "single_select");
    var mail = organisation.option(area, "Mail");
    var text = organisation.field("Note", "text");
    incidentIo.as(ANN).choose(minor, area, mail);

    assertThat(names("?status_category[one_of]=closed")).containsExactly("Incident 3");
    assertThat(names("?status_category[not_in]=closed"))
        .containsExactlyInAnyOrder("Incident 1", "Incident 2");
    assertThat(names("?severity[one_of]=" + organisation.severityNamed("Minor").id()))
        .containsExactly("Incident 3");
    assertThat(names("?custom_field[%s][one_of]=%s".formatted(area.id(), mail.id())))
        .containsExactly("Incident 3");
    assertThat(
            send("GET", "/v2/incidents?custom_field[%s][one_of]=x".formatted(text.id()), "")
                .statusCode())
        .isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"owner[one_of]=x", "status[is]=x", "created_at=2026-11-20", "severity[gte]=x"})
  void refusesFiltersThatThereAreNot(String filter) throws Exception {
    assertThat(send("GET", "/v2/incidents?" + filter, "").statusCode()).isEqualTo(422);
  }

  @Test
  void showsTestsOnlyToThoseWhoAskForThem() throws Exception {
    incidentIo.as(ANN).rehearse("Incident of a test", "Major");

    assertThat(names("")).isEmpty();
    assertThat(names("?mode[one_of]=test")).containsExactly("Incident of a test");
  }

  @Test
  void limitsCallsAndStatesUntilWhenInADateThatIsNoneOfHttp() throws Exception {
    restart(IncidentIoOptions.defaults().requestsPerMinute(3));
    for (int call = 0; call < 3; call++) {
      assertThat(send("GET", "/v2/users", "").statusCode()).isEqualTo(200);
    }

    HttpResponse<String> limited = send("GET", "/v2/users", "");
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After").orElseThrow()).endsWith(" UTC");
    assertThat(limited.body()).contains("too_many_requests");
    clock.advance(Duration.ofMinutes(1));
    assertThat(send("GET", "/v2/users", "").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void treatsARepeatedIdempotencyKeyAsItIsSet(RepeatedKeys treatment) throws Exception {
    restart(IncidentIoOptions.defaults().repeatedKeys(treatment));
    String body = NEW.formatted(incidentIo.organisation().severityNamed("Major").id());

    assertThat(send("POST", "/v2/incidents", body).statusCode()).isEqualTo(200);
    int second = send("POST", "/v2/incidents", body).statusCode();

    assertThat(second).isEqualTo(treatment == RepeatedKeys.REFUSED ? 422 : 200);
    assertThat(incidentIo.incidents()).hasSize(treatment == RepeatedKeys.FORGOTTEN ? 2 : 1);
  }

  @Test
  void hidesPrivateIncidentsFromAKeyWithoutAccess() throws Exception {
    String hidden = incidentIo.as(ANN).declarePrivately("Incident 1", "Major");

    assertThat(names("")).isEmpty();
    assertThat(send("GET", "/v2/incidents/" + hidden, "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"viewer, POST, /v2/incidents", "incident_creator, GET, /v2/incidents"})
  void refusesWhatTheKeyHasNoRoleFor(String role, String method, String path) throws Exception {
    restart(IncidentIoOptions.defaults().roles(role));

    assertThat(send(method, path, "{}").statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Closed", "Triage", "Merged"})
  void letsTheApiMoveNoIncidentOutOfTheActiveStatuses(String status) throws Exception {
    declare(1);
    String id = incidentIo.incidents().get(0).path("id").asText();
    String edit =
        "{\"notify_incident_channel\": false, \"incident\": {\"incident_status_id\": \"%s\"}}"
            .formatted(incidentIo.organisation().statusNamed(status).id());

    HttpResponse<String> answer = send("POST", "/v2/incidents/" + id + "/actions/edit", edit);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body().toLowerCase(Locale.ROOT)).contains("incident_status_id");
  }
}
