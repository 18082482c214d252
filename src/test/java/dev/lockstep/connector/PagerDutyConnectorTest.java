package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers as PagerDuty's REST API reference shows them. */
final class PagerDutyConnectorTest extends ConnectorContract {
  private static final RecordRef REF = new RecordRef("pagerduty", "incident", "PT4KHLK");
  private static final String OPEN = "list-open-incident";
  private static final String LOG = "list-changed-incident";
  private static final Instant SINCE = Instant.parse("2026-11-24T01:00:00.500Z");

  @Override
  RecordRef ref() {
    return REF;
  }

  @Override
  String errorBody(String message) {
    return "{\"error\":{\"message\":\"" + message + "\",\"code\":2001,\"errors\":[\"no\"]}}";
  }

  private static String incident(String id, String updatedAt) {
    return """
    {"id":"%s","type":"incident","incident_number":42,"title":"Down","status":"triggered",
     "incident_key":"far/incident/42","updated_at":"%s",
     "html_url":"https://example.pagerduty.com/incidents/%s"}\
    """
        .formatted(id, updatedAt, id);
  }

  private static String one(String updatedAt) {
    return "{\"incident\":" + incident("PT4KHLK", updatedAt) + "}";
  }

  @Test
  void fetchesWithTokenAndVersionHeader() {
    system.answerAll(okJson(one("2026-11-24T03:00:00Z")));

    NativeRecord record = connectors().fetch(REF);

    assertThat(record.key()).isEqualTo("#42");
    assertThat(record.url()).isEqualTo("https://example.pagerduty.com/incidents/PT4KHLK");
    assertThat(record.version()).isEqualTo(Version.within(Instant.parse("2026-11-24T03:00:00Z")));
    assertThat(record.correlationId()).isEqualTo(CORRELATION);
    LoggedRequest request = system.onlyRequest();
    assertThat(request.getUrl()).startsWith("/incidents/PT4KHLK?");
    assertThat(request.queryParameter("include[]").values()).containsExactly("body");
    assertThat(request.getHeader("Authorization")).isEqualTo("Token token=secret-token");
    assertThat(request.getHeader("Accept")).isEqualTo("application/vnd.pagerduty+json;version=2");
    assertThat(request.getHeader("From")).isEqualTo("lockstep@example.com");
  }

  @Test
  void createsWithTheCorrelationAsIncidentKey() {
    system.answerAll(okJson(one("2026-11-24T03:00:00Z")).withStatus(201));

    connectors().create("pagerduty", "incident", json("{\"title\":\"Über\"}"), CORRELATION, "INC1");

    LoggedRequest request = system.onlyRequest();
    assertThat(request.getMethod().getName()).isEqualTo("POST");
    assertThat(request.getUrl()).isEqualTo("/incidents");
    assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
    assertThat(json(request.getBodyAsString()))
        .isEqualTo(
            json(
                """
                {"incident":{"type":"incident","title":"Über","incident_key":"far/incident/42"}}\
                """));
  }

  @Test
  void takesTheRecordThatIsThereWhenItsKeyIsRefused() {
    system.answer(
        post(urlPathEqualTo("/incidents")),
        aResponse()
            .withStatus(400)
            .withBody(
                """
                {"error":{"message":"Arguments Caused Error","code":2002,
                 "errors":["Open incident with matching dedup key already exists on this service"]}}\
                """));
    system.answer(
        get(urlPathEqualTo("/incidents")),
        okJson("{\"incidents\":[" + incident("PT4KHLK", "2026-11-24T03:00:00Z") + "]}"));

    NativeRecord there =
        connectors()
            .create("pagerduty", "incident", json("{\"title\":\"Down\"}"), CORRELATION, "INC1");

    assertThat(there.ref()).isEqualTo(REF);
    assertThat(system.requests()).hasSize(2);
    LoggedRequest search = system.requests().get(1);
    assertThat(search.queryParameter("incident_key").firstValue()).isEqualTo(CORRELATION);
    assertThat(search.queryParameter("date_range").firstValue()).isEqualTo("all");
    assertThat(search.queryParameter("include[]").values()).containsExactly("body");
  }

  @Test
  void updatesByPut() {
    system.answerAll(okJson(one("2026-11-24T03:00:00Z")));

    connectors().update(REF, json("{\"status\":\"resolved\"}"));

    assertThat(system.onlyRequest().getMethod().getName()).isEqualTo("PUT");
    assertThat(json(system.onlyRequest().getBodyAsString()))
        .isEqualTo(
            json("{\"incident\":{\"status\":\"resolved\",\"type\":\"incident_reference\"}}"));
  }

  @Test
  void writesNoLinkSinceTheKeyWasGivenAtCreation() {
    assertThat(connectors().link(REF, CORRELATION, "INC0010001")).isEmpty();
    assertThat(system.requests()).isEmpty();
  }

  @Test
  void mergesTheDuplicateIntoThePrimary() {
    system.answerAll(okJson("{\"incident\":{\"id\":\"primary\",\"type\":\"incident_reference\"}}"));

    assertThat(connectors().consolidate(REF, primary())).isEmpty();

    LoggedRequest request = system.onlyRequest();
    assertThat(request.getMethod().getName()).isEqualTo("PUT");
    assertThat(request.getUrl()).isEqualTo("/incidents/primary/merge");
    assertThat(request.getHeader("From")).isEqualTo("lockstep@example.com");
    assertThat(json(request.getBodyAsString()))
        .isEqualTo(
            json(
                """
                {"source_incidents":[{"id":"PT4KHLK","type":"incident_reference"}]}\
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "Incident Already Merged, undoes no merge",
    "Incident Already Resolved, reopen it",
    "An incident cannot have more than 1000 alerts., 1000 alerts",
  })
  void saysWhatToDoAboutARefusedMerge(String error, String advice) {
    system.answerAll(aResponse().withStatus(400).withBody(errorBody(error)));

    assertThatThrownBy(() -> connectors().consolidate(REF, primary()))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> {
              assertThat(e.advice()).contains(advice);
              assertThat(e.request()).contains("primary", "PT4KHLK");
            });
  }

  @Test
  void cannotUndoAMerge() {
    assertThat(connectors().separates("pagerduty", "incident")).isFalse();
    assertThatThrownBy(() -> connectors().separate(REF, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(system.requests()).isEmpty();
  }

  @Test
  void addsNotesAndStatusUpdates() {
    system.answer(
        post(urlPathEqualTo("/incidents/PT4KHLK/notes")),
        okJson("{\"note\":{\"id\":\"PWL7QXS\",\"content\":\"x\"}}"));
    system.answer(
        post(urlPathEqualTo("/incidents/PT4KHLK/status_updates")),
        okJson("{\"status_update\":{\"id\":\"PWYUT6B\",\"message\":\"x\"}}"));

    assertThat(connectors().addNote(REF, "for us", Visibility.INTERNAL)).contains("PWL7QXS");
    assertThat(connectors().addNote(REF, "for all", Visibility.PUBLIC)).contains("PWYUT6B");

    assertThat(json(system.requests().get(0).getBodyAsString()))
        .isEqualTo(json("{\"note\":{\"content\":\"for us\"}}"));
    assertThat(json(system.requests().get(1).getBodyAsString()))
        .isEqualTo(json("{\"message\":\"for all\"}"));
  }

  @Test
  void listsNotesOldestFirst() {
    system.answerAll(
        okJson(
            """
            {"notes":[
              {"id":"PWL7QXS","user":{"summary":"Earline Greenholt"},"content":"later",
               "created_at":"2013-03-06T15:28:51-05:00"},
              {"id":"PCQC25","user":{"summary":"A Rule"},"content":"earlier",
               "created_at":"2013-03-06T15:28:42-05:00"}]}\
            """));

    assertThat(connectors().notes(REF)).extracting("text").containsExactly("earlier", "later");
    assertThat(connectors().notes(REF))
        .extracting("author")
        .containsExactly("A Rule", "Earline Greenholt");
  }

  @Test
  void itsListingOfNotesCanShowNoStatusUpdates() {
    assertThat(connectors().showsNotes(REF, Visibility.INTERNAL)).isTrue();
    assertThat(connectors().showsNotes(REF, Visibility.PUBLIC)).isFalse();
  }

  @Test
  void listsOpenIncidentsThatChangedAndOverlapsItsPages() {
    String page = "{\"incidents\":[%s,%s],\"more\":%s}";
    system.answerAll(
        okJson(
            page.formatted(
                incident("P1", "2026-11-24T01:00:00Z"),
                incident("P2", "2026-11-24T00:59:59Z"),
                "false")));

    ChangePage changes =
        connectors().listChanged("pagerduty", "incident", OPEN, SINCE, Optional.empty());

    assertThat(changes.records()).extracting(r -> r.ref().id()).containsExactly("P1");
    LoggedRequest request = system.onlyRequest();
    assertThat(request.queryParameter("statuses[]").values())
        .containsExactly("triggered", "acknowledged");
    assertThat(request.queryParameter("offset").firstValue()).isEqualTo("0");
    assertThat(changes.nextPage()).isNull();
    assertThat(connectors().feeds("pagerduty", "incident")).containsExactly(OPEN, LOG);
    assertThat(request.queryParameter("include[]").values()).containsExactly("body");
  }

  @Test
  void readsResolvedIncidentsAndNotesFromTheLog() {
    system.answerAll(
        okJson(
            """
            {"log_entries":[
              {"id":"R3","type":"annotate_log_entry","created_at":"2026-11-24T02:00:03Z",
               "incident":%s},
              {"id":"R2","type":"resolve_log_entry","created_at":"2026-11-24T02:00:02Z",
               "incident":%s},
              {"id":"R1","type":"notify_log_entry","created_at":"2026-11-24T02:00:01Z",
               "incident":{"id":"P3","type":"incident_reference"}},
              {"id":"R0","type":"trigger_log_entry","created_at":"2026-11-24T02:00:00Z",
               "incident":{"id":"P4","type":"incident_reference"}}],
             "more":false}\
            """
                .formatted(
                    incident("P1", "2026-11-24T02:00:03Z"),
                    incident("P2", "2026-11-24T02:00:02Z"))));

    ChangePage changes =
        connectors().listChanged("pagerduty", "incident", LOG, SINCE, Optional.empty());

    assertThat(changes.records()).extracting(r -> r.ref().id()).containsExactly("P2");
    assertThat(changes.toFetch()).extracting(RecordRef::id).containsExactly("P1", "P4");
    assertThat(changes.nextPage()).isNull();
    LoggedRequest request = system.onlyRequest();
    assertThat(request.getUrl()).startsWith("/log_entries?");
    assertThat(request.queryParameter("since").firstValue()).isEqualTo("2026-11-24T01:00:00Z");
    assertThat(request.queryParameter("include[]").values())
        .containsExactly("incidents", "channels");
  }

  /** The text tells whether the note is known, which spares the fetch; the state comes along. */
  @Test
  void tracesNotesWhoseTextTheLogShows() {
    system.answerAll(
        okJson(
            """
            {"log_entries":[
              {"id":"R3","type":"annotate_log_entry","created_at":"2026-11-24T02:00:03Z",
               "channel":{"type":"note","summary":"restarted"},"incident":%s}],
             "more":false}\
            """
                .formatted(incident("P1", "2026-11-24T02:00:03Z"))));

    ChangePage changes =
        connectors().listChanged("pagerduty", "incident", LOG, SINCE, Optional.empty());

    assertThat(changes.toFetch()).isEmpty();
    assertThat(changes.records()).extracting(r -> r.ref().id()).containsExactly("P1");
    assertThat(changes.noteFingerprints())
        .containsValue(
            List.of(new NoteFingerprint("R3", Instant.parse("2026-11-24T02:00:03Z"), "restarted")));
  }

  @Test
  void movesTheWindowWhereOffsetsEnd() {
    system.answerAll(
        okJson(
            """
            {"log_entries":[{"id":"R0","type":"trigger_log_entry",
              "created_at":"2026-11-24T02:00:00Z","incident":{"id":"P4"}}],"more":true}\
            """));

    ChangePage changes =
        connectors().listChanged("pagerduty", "incident", LOG, SINCE, Optional.of("|9950"));

    assertThat(changes.nextPage()).isEqualTo("2026-11-24T02:00:01Z|0");
  }

  @Test
  void keepsWholeMatchesOnly() {
    system.answerAll(
        okJson(
            """
            {"users":[{"id":"P9","email":"xa@example.com"},{"id":"P1","email":"a@example.com"}]}\
            """));
    assertThat(connectors().idOf("pagerduty", "user", "a@example.com")).contains("P1");
    assertThat(system.onlyRequest().queryParameter("query").firstValue())
        .isEqualTo("a@example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "Priority is not available on this account, priority",
    "Escalation policy cannot be combined with assignments, escalation_policy",
    "'Cannot be combined: assignments, escalation_policy', 'assignments,escalation_policy'",
    "escalation_policy not found, escalation_policy",
    "Title is too long, title",
    "Type is not known, type",
    "Prioritys, ''",
    "Priority is not available for the service of this title, priority",
    "Incident Key is reserved for a priority that its service has, incident_key",
    "No such type of assignments or id, ''",
    "The name of the priority is unknown, ''",
    "Invalid value for field 'priority'. See the title page, priority",
  })
  void tellsWhichFieldsARefusedCreationIsAbout(String error, String fields) {
    system.answerAll(
        aResponse()
            .withStatus(400)
            .withBody(
                "{\"error\":{\"message\":\"Invalid Input\",\"code\":2001,\"errors\":[\""
                    + error
                    + "\"]}}"));
    String body =
        "{\"title\":\"Down\",\"priority\":{},\"escalation_policy\":{},\"assignments\":[]}";
    assertThatThrownBy(
            () -> connectors().create("pagerduty", "incident", json(body), CORRELATION, "INC1"))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> {
              assertThat(String.join(",", new TreeSet<>(e.fields()))).isEqualTo(fields);
              assertThat(e.refusesFieldIn(json("{\"title\":\"x\"}")))
                  .isEqualTo(fields.equals("title"));
              // What stands inside a field is not the record's own property of that name.
              String service = "{\"service\":{\"id\":\"P\",\"type\":\"s\",\"title\":\"t\"}}";
              assertThat(e.refusesFieldIn(json(service))).isFalse();
            });
  }

  @Test
  void readsAllPrioritiesAtOnce() {
    system.answerAll(
        okJson(
            "{\"priorities\":[{\"id\":\"PA\",\"name\":\"P1\"},{\"id\":\"PB\",\"name\":\"P2\"}]}"));
    assertThat(connectors().keyOf("pagerduty", "priority", "PB")).contains("P2");
    assertThat(connectors().idOf("pagerduty", "priority", "P1")).contains("PA");
    system.onlyRequest();
  }
}
