package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.CallLimits;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as Statuspage's OpenAPI document shows them. */
final class StatuspageConnectorTest extends ConnectorContract {
  private static final RecordRef REF = new RecordRef("statuspage", "incident", "p31zjtct2jer");
  private static final String PAGE = "/v1/pages/2vp47kp8vp10";
  private static final String INCIDENTS = PAGE + "/incidents";
  private static final String INCIDENT = INCIDENTS + "/p31zjtct2jer";

  /** The first half of the SHA-256 of {@link #CORRELATION}. */
  private static final String DIGEST = "388a02d32d703ad0abf34ef32dc5017b";

  @Override
  RecordRef ref() {
    return REF;
  }

  @Override
  String reference() {
    return "component";
  }

  @Override
  String errorBody(String message) {
    return "{\"message\":\"%s\"}".formatted(message);
  }

  @Override
  boolean listsAtTheRoot() {
    return true;
  }

  private static String incident(String id, String source, String updates) {
    return """
    {"id":"%s","name":"Problem with Portal","status":"investigating","page_id":"2vp47kp8vp10",
     "created_at":"2026-11-24T02:00:00.000Z","updated_at":"2026-11-24T03:00:00.250Z",
     "shortlink":"https://stspg.io/x","metadata":{"lockstep":{"source":"%s"}},
     "components":[{"id":"b13yz5g2cw10","name":"Portal","status":"major_outage"}],
     "incident_updates":[%s]}\
    """
        .formatted(id, source, updates);
  }

  private static String update(String id, String body) {
    return """
    {"id":"%s","body":"%s","status":"investigating","created_at":"2026-11-24T02:30:00.000Z"}\
    """
        .formatted(id, body);
  }

  private JsonNode sent() {
    return json(system.onlyRequest().getBodyAsString());
  }

  @Test
  void createsWithADigestOfTheTicketAndBooleansAsTheDocumentWantsThem() {
    system.answerAll(okJson(incident("p31zjtct2jer", "", "")).withStatus(201));

    connectors()
        .create(
            "statuspage",
            "incident",
            json("{\"name\":\"Problem with Portal\",\"deliver_notifications\":\"false\"}"),
            CORRELATION,
            "INC0010001");

    assertThat(system.onlyRequest().getUrl()).isEqualTo(INCIDENTS);
    assertThat(system.onlyRequest().getHeader("Authorization")).isEqualTo("OAuth secret-token");
    JsonNode incident = sent().path("incident");
    assertThat(incident.path("deliver_notifications").isBoolean()).isTrue();
    assertThat(incident.at("/metadata/lockstep/source").asText())
        .matches("[0-9a-f]{32}")
        .isEqualTo(DIGEST);
    assertThat(sent().toString()).doesNotContain("far", "INC0010001");
  }

  @Test
  void findsAnIncidentInTheListingByItsDigestOnALaterPage() {
    String others =
        IntStream.range(0, 100)
            .mapToObj(i -> incident("other" + i, "", ""))
            .collect(Collectors.joining(","));
    system.answer(
        get(urlPathEqualTo(INCIDENTS)).withQueryParam("page", equalTo("1")),
        okJson("[" + others + "]"));
    system.answer(
        get(urlPathEqualTo(INCIDENTS)).withQueryParam("page", equalTo("2")),
        okJson("[" + incident("p31zjtct2jer", "cf1b8a28c5c43585c6384bcefee51676", "") + "]"));

    assertThat(connectors().findByCorrelation("statuspage", "incident", "far/incident/44"))
        .get()
        .extracting(NativeRecord::ref)
        .isEqualTo(REF);
    assertThat(system.requests()).hasSize(2);
  }

  /** Its id is stored in another form than it is asked for. */
  @Test
  void waitsForTheListingAfterALostAnswerButNotAfterARefusal() {
    String other = "far/incident/45";
    system.answer(post(urlPathEqualTo(INCIDENTS)), aResponse().withStatus(429));
    assertThatThrownBy(() -> connectors().create("statuspage", "incident", json("{}"), other, ""))
        .isInstanceOf(RetryLaterException.class);
    connectors().requireFindable("statuspage", "incident", other);

    kit.renew();
    system.answer(post(urlPathEqualTo(INCIDENTS)), aResponse().withStatus(502));
    assertThatThrownBy(() -> connectors().create("statuspage", "incident", json("{}"), other, ""))
        .isInstanceOf(SystemUnavailableException.class);
    assertThatThrownBy(() -> connectors().requireFindable("statuspage", "incident", other))
        .isInstanceOf(RetryLaterException.class);
  }

  @Test
  void anIncidentThatShowsNoIdIsNotTheOneLookedFor() {
    system.answerAll(okJson("[" + incident("p31zjtct2jer", "", "") + "]"));
    assertThat(connectors().findByCorrelation("statuspage", "incident", "far/incident/43"))
        .isEmpty();
  }

  @Test
  void readsUpdatesAsPublicNotes() {
    system.answerAll(
        okJson(
            incident("p31zjtct2jer", DIGEST, update("u2", "Better") + "," + update("u1", "Bad"))));

    assertThat(connectors().notes(REF))
        .allMatch(note -> note.visibility() == Visibility.PUBLIC)
        .extracting(WorkNote::text)
        .containsExactlyInAnyOrder("Better", "Bad");
    assertThat(system.onlyRequest().getUrl()).isEqualTo(INCIDENT);
  }

  @Test
  void addsAPublicNoteAsAnUpdateWithTheTextAlone() {
    system.answerAll(okJson(incident("p31zjtct2jer", DIGEST, "")));

    assertThat(connectors().addNote(REF, "Half of it is back", Visibility.PUBLIC)).isEmpty();

    assertThat(system.onlyRequest().getMethod().getName()).isEqualTo("PATCH");
    assertThat(system.onlyRequest().getUrl()).isEqualTo(INCIDENT);
    assertThat(sent()).isEqualTo(json("{\"incident\":{\"body\":\"Half of it is back\"}}"));
    assertThat(connectors().addsTextOnly("statuspage", "incident")).isTrue();
  }

  /** The last guard, whatever a mapping says. */
  @Test
  void takesNoInternalNote() {
    assertThat(connectors().takesNotes(REF, Visibility.INTERNAL)).isFalse();
    assertThat(connectors().takesNotes(REF, Visibility.PUBLIC)).isTrue();
    assertThatThrownBy(() -> connectors().addNote(REF, "for us", Visibility.INTERNAL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(system.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<script>alert(1)</script>     | < script>alert(1)< /script>",
        "<img src=x onerror=alert(2)>  | < img src=x onerror=alert(2)>",
        "a < b & c > d                 | a <  b & c > d",
        "<<b>                          | < < b>",
      })
  void writesMarkUpWithoutEffect(String text, String written) {
    system.answerAll(okJson(incident("p31zjtct2jer", DIGEST, "")));
    connectors().addNote(REF, text, Visibility.PUBLIC);
    assertThat(sent().at("/incident/body").asText()).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(ints = {420, 429})
  void waitsWhenThePageSaysThatItIsCalledTooOften(int status) {
    system.answerAll(aResponse().withStatus(status).withBody(errorBody("slow down")));

    RetryLaterException thrown =
        catchThrowableOfType(RetryLaterException.class, () -> connectors().fetch(REF));

    assertThat(thrown.delay()).isEqualTo(Duration.ofSeconds(15));
    system.onlyRequest();
    assertThatThrownBy(() -> connectors().fetch(REF)).isInstanceOf(RetryLaterException.class);
    system.onlyRequest();
  }

  /**
   * "1 request / second as measured on a 60 second rolling window": a window touches one period
   * more than it has.
   */
  @Test
  void makesNoMoreCallsThanTheDocumentAllows() {
    var settings = new HashMap<>(ConnectorKit.settings(system.port()));
    settings.remove("STATUSPAGE_CALLS_PER_10_SECONDS");
    try (ConnectorKit shipped =
        new ConnectorKit(List.of(Path.of("connectors")), settings, clock, Set.of())) {
      CallLimits.Rate rate = shipped.catalog.connector("statuspage").limits().rate();
      long periods = 60 / rate.per().toSeconds() + 1;
      assertThat(rate.calls() * periods).isBetween(30L, 60L);
    }
  }

  @Test
  void findsAComponentByItsExactName() {
    system.answerAll(
        okJson("[{\"id\":\"c1\",\"name\":\"Portal (old)\"},{\"id\":\"c2\",\"name\":\"Portal\"}]"));
    assertThat(connectors().idOf("statuspage", "component", "Portal")).contains("c2");
    assertThat(connectors().idOf("statuspage", "component", "Search")).isEmpty();
  }

  /** A component that was deleted is not written to for long. */
  @Test
  void remembersAComponentForSecondsOnly() {
    system.answerAll(okJson("[{\"id\":\"c2\",\"name\":\"Portal\"}]"));
    assertThat(connectors().idOf("statuspage", "component", "Portal")).contains("c2");
    system.answerAll(okJson("[]"));
    clock.advance(Duration.ofSeconds(6));
    assertThat(connectors().idOf("statuspage", "component", "Portal")).isEmpty();
  }
}
