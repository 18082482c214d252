package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers as incident.io's OpenAPI document shows them. */
final class IncidentIoConnectorTest extends ConnectorContract {
  private static final RecordRef REF = new RecordRef("incident-io", "incident", "01INCIDENT");
  private static final String INCIDENTS = "/v2/incidents";
  private static final String INCIDENT = INCIDENTS + "/01INCIDENT";
  private static final String EDIT = INCIDENT + "/actions/edit";

  private final OpenApiRequests document = OpenApiRequests.of("incident-io.openapi.json");

  @Override
  RecordRef ref() {
    return REF;
  }

  @Override
  String errorBody(String message) {
    return """
    {"type":"validation_error","status":422,"request_id":"r1",
     "errors":[{"code":"invalid","message":"%s","source":{"field":"name"}}]}\
    """
        .formatted(message);
  }

  /** What was asked in any test is something the document allows. */
  @AfterEach
  void asksOnlyWhatTheDocumentAllows() {
    assertThat(document.broken(system.requests())).isEmpty();
  }

  private static String incident(String id, String correlation, String more) {
    return """
    {"id":"%s","reference":"INC-7","permalink":"https://app.incident.io/x/incidents/7","name":"Down",
     "created_at":"2026-11-24T02:00:00.5Z","updated_at":"2026-11-24T03:00:00.250123Z",
     "incident_status":{"id":"01S","name":"Fixing","category":"live"},%s
     "incident_role_assignments":[{"role":{"id":"01REPORTER","role_type":"reporter"}},
       {"role":{"id":"01LEAD","role_type":"lead"}}],
     "custom_field_entries":[{"custom_field":{"id":"01OTHER"},"values":[]},
       {"custom_field":{"id":"01FIELD"},"values":[{"value_text":"%s"}]}]}\
    """
        .formatted(id, more, correlation);
  }

  private static String one(String more) {
    return "{\"incident\":" + incident("01INCIDENT", CORRELATION, more) + "}";
  }

  private static String page(String after, String... incidents) {
    return "{\"incidents\":[%s],\"pagination_meta\":{\"page_size\":100%s}}"
        .formatted(
            String.join(",", incidents), after.isEmpty() ? "" : ",\"after\":\"" + after + "\"");
  }

  private JsonNode sent() {
    return json(system.onlyRequest().getBodyAsString());
  }

  @Test
  void readsWhatAnIncidentLeavesOutAsEmpty() {
    system.answerAll(okJson(one("")));

    NativeRecord record = connectors().fetch(REF);

    assertThat(record.key()).isEqualTo("INC-7");
    assertThat(record.url()).isEqualTo("https://app.incident.io/x/incidents/7");
    assertThat(record.correlationId()).isEqualTo(CORRELATION);
    assertThat(record.openedAt()).isEqualTo(Instant.parse("2026-11-24T02:00:00.5Z"));
    assertThat(record.json().path("summary").isNull()).isTrue();
    assertThat(record.json().path("severity").isNull()).isTrue();
    assertThat(record.json().at("/incident_role_assignments/1/assignee").isNull()).isTrue();
    assertThat(record.json().at("/incident_role_assignments/0/assignee").isMissingNode()).isTrue();
    assertThat(system.onlyRequest().getHeader("Authorization")).isEqualTo("Bearer secret-token");
  }

  @Test
  void createsWithItsMarkAndAKeyThatMakesARepetitionHarmless() {
    system.answerAll(okJson(one("")));

    connectors()
        .create(
            "incident-io",
            "incident",
            json(
                """
                {"name":"Down","incident_status":"01S","severity":"01MAJOR",
                 "incident_role_assignments":[{"role":{"role_type":"lead"},"assignee":{"id":"01ANN"}}],
                 "custom_field_entries":[{"custom_field":{"id":"01SERVICE"},
                   "values":[{"value_option":"01MAIL"}]}]}\
                """),
            CORRELATION,
            "INC0010001");

    assertThat(system.onlyRequest().getUrl()).isEqualTo(INCIDENTS);
    assertThat(sent())
        .isEqualTo(
            json(
                """
                {"name":"Down","incident_status_id":"01S","severity_id":"01MAJOR","visibility":"public",
                 "idempotency_key":"far/incident/42",
                 "incident_role_assignments":[{"assignee":{"id":"01ANN"},"incident_role_id":"01LEAD"}],
                 "custom_field_entries":[
                   {"values":[{"value_option_id":"01MAIL"}],"custom_field_id":"01SERVICE"},
                   {"values":[{"value_text":"far/incident/42"}],"custom_field_id":"01FIELD"}]}\
                """));
  }

  @Test
  void editsWithoutAnnouncingIt() {
    system.answerAll(okJson(one("")));

    connectors().update(REF, json("{\"summary\":\"It is the disk\",\"severity\":\"01MINOR\"}"));

    assertThat(system.onlyRequest().getUrl()).isEqualTo(EDIT);
    assertThat(sent())
        .isEqualTo(
            json(
                """
                {"incident":{"summary":"It is the disk","severity_id":"01MINOR"},
                 "notify_incident_channel":false}\
                """));
  }

  @Test
  void emptiesACustomField() {
    system.answerAll(okJson(one("")));

    connectors()
        .update(
            REF,
            json(
                """
                {"custom_field_entries":[{"custom_field":{"id":"01SERVICE"},"values":[]}]}\
                """));

    assertThat(sent().at("/incident/custom_field_entries"))
        .isEqualTo(json("[{\"values\":[],\"custom_field_id\":\"01SERVICE\"}]"));
  }

  @Test
  void writesTheCounterpartIntoItsField() {
    system.answerAll(okJson(one("")));

    assertThat(connectors().link(REF, "servicenow/incident/s1", "INC0010001")).isPresent();

    assertThat(sent().at("/incident/custom_field_entries/0"))
        .isEqualTo(
            json(
                """
                {"values":[{"value_text":"servicenow/incident/s1"}],"custom_field_id":"01FIELD"}\
                """));
  }

  /** No documented filter finds a text: the newest incidents are compared, page by page. */
  @Test
  void findsTheIncidentThatHasTheMark() {
    system.answer(
        get(urlPathEqualTo(INCIDENTS)).withQueryParam("after", absent()),
        okJson(page("01LAST", incident("01NEWER", "far/incident/43", ""))));
    system.answer(
        get(urlPathEqualTo(INCIDENTS)).withQueryParam("after", equalTo("01LAST")),
        okJson(page("", incident("01OLDEST", "far/incident/44", ""))));

    assertThat(connectors().findByCorrelation("incident-io", "incident", "far/incident/44"))
        .map(NativeRecord::ref)
        .contains(new RecordRef("incident-io", "incident", "01OLDEST"));

    LoggedRequest first = system.requests().get(0);
    assertThat(first.queryParameter("created_at[gte]").firstValue())
        .isEqualTo(clock.instant().minus(Duration.ofDays(90)).toString().substring(0, 10));
    assertThat(first.queryParameter("page_size").firstValue()).isEqualTo("250");
  }

  /** What a key that was used before is answered is not documented. */
  @Test
  void takesTheIncidentOfTheFirstRequestIfARepetitionIsRefused() {
    system.answer(
        post(urlPathEqualTo(INCIDENTS)),
        aResponse().withStatus(422).withBody(errorBody("this idempotency key was used before")));
    system.answer(
        get(urlPathEqualTo(INCIDENTS)), okJson(page("", incident("01INCIDENT", CORRELATION, ""))));

    NativeRecord found =
        connectors().create("incident-io", "incident", json("{\"name\":\"x\"}"), CORRELATION, "");

    assertThat(found.ref()).isEqualTo(REF);
  }

  @Test
  void listsWhatChangedTodayAndKeepsWhatChangedSince() {
    system.answerAll(
        okJson(
            page(
                "01NEXT",
                incident("01INCIDENT", "", ""),
                incident("01OLDER", "", "").replace("03:00:00.250123", "01:00:00"))));

    ChangePage changes =
        connectors()
            .listChanged(
                "incident-io",
                "incident",
                "list-changed-incident",
                Instant.parse("2026-11-24T02:30:00Z"),
                Optional.empty());

    assertThat(changes.records()).extracting(NativeRecord::ref).containsExactly(REF);
    assertThat(changes.toFetch()).as("whose updates are listed").containsExactly(REF);
    assertThat(changes.nextPage()).endsWith("|01NEXT");
    assertThat(system.onlyRequest().queryParameter("updated_at[gte]").firstValue())
        .isEqualTo("2026-11-24");
  }

  @Test
  void readsUpdatesAsNotesAndAddsNone() {
    system.answerAll(
        okJson(
            """
            {"incident_updates":[
              {"id":"01U2","incident_id":"01INCIDENT","created_at":"2026-11-24T03:00:02Z",
               "message":"Rolled back","updater":{"user":{"name":"Ann"}}},
              {"id":"01U1","incident_id":"01INCIDENT","created_at":"2026-11-24T03:00:01Z",
               "updater":{"api_key":{"name":"Lockstep"}}}],
             "pagination_meta":{"page_size":250}}\
            """));

    assertThat(connectors().notes(REF))
        .extracting(WorkNote::id, WorkNote::author, WorkNote::text, WorkNote::visibility)
        .containsExactly(
            tuple("01U1", "", "", Visibility.INTERNAL),
            tuple("01U2", "Ann", "Rolled back", Visibility.INTERNAL));
    assertThat(system.onlyRequest().queryParameter("incident_id").firstValue())
        .isEqualTo("01INCIDENT");
    for (Visibility visibility : Visibility.values()) {
      assertThat(connectors().takesNotes(REF, visibility)).isFalse();
    }
  }

  @Test
  void waitsUntilTheDateThatA429States() {
    ZonedDateTime until = clock.instant().plusSeconds(30).atZone(ZoneOffset.UTC);
    system.answerAll(
        aResponse()
            .withStatus(429)
            .withHeader("Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME.format(until))
            .withBody("{\"type\":\"too_many_requests\"}"));

    RetryLaterException wait =
        catchThrowableOfType(RetryLaterException.class, () -> connectors().fetch(REF));

    assertThat(wait.delay()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void namesTheFieldOfTheMappingThatIsRefused() {
    system.answer(
        post(urlPathEqualTo(INCIDENTS)),
        aResponse()
            .withStatus(422)
            .withBody(errorBody("no").replace("\"name\"", "\"severity_id\"")));

    assertThatThrownBy(
            () ->
                connectors()
                    .create(
                        "incident-io",
                        "incident",
                        json("{\"name\":\"x\",\"severity\":\"01S\"}"),
                        CORRELATION,
                        ""))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            refused -> assertThat(refused.fields()).containsExactly("severity"));
  }

  @Test
  void resolvesStatusesSeveritiesUsersAndServices() {
    system.answer(
        get(urlPathEqualTo("/v1/incident_statuses")),
        okJson(
            """
            {"incident_statuses":[{"id":"01S1","name":"Investigating"},{"id":"01S2","name":"Fixing"}]}\
            """));
    system.answer(
        get(urlPathEqualTo("/v1/severities/01MAJOR")),
        okJson("{\"severity\":{\"id\":\"01MAJOR\",\"name\":\"Major\"}}"));
    system.answer(
        get(urlPathEqualTo("/v2/users")).withQueryParam("email", equalTo("ann@example.com")),
        okJson(
            """
            {"users":[{"id":"01ANN","email":"Ann@example.com"}],"pagination_meta":{"page_size":100}}\
            """));
    system.answer(
        get(urlPathEqualTo("/v1/custom_field_options")),
        okJson("{\"custom_field_options\":[{\"id\":\"01MAIL\",\"value\":\"Mail\"}]}"));
    system.answer(
        get(urlPathEqualTo("/v3/catalog_entries/01WEB")),
        okJson("{\"catalog_entry\":{\"id\":\"01WEB\",\"name\":\"Web\"}}"));

    assertThat(connectors().idOf("incident-io", "status", "Fixing")).contains("01S2");
    assertThat(connectors().keyOf("incident-io", "severity", "01MAJOR")).contains("Major");
    assertThat(connectors().idOf("incident-io", "user", "ann@example.com")).contains("01ANN");
    assertThat(connectors().idOf("incident-io", "option", "Mail")).contains("01MAIL");
    assertThat(connectors().keyOf("incident-io", "catalog-entry", "01WEB")).contains("Web");
  }
}
