package dev.lockstep.sandbox.pagerduty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Change events of the simulated account, held against PagerDuty's documents. */
final class ChangeEventsTest {
  private static final String EVENT =
      """
      {"routing_key":"%s","payload":{"summary":"%s","timestamp":"2026-11-24T02:00:00.000+0000",
       "source":"ServiceNow","custom_details":{"change":"CHG0030001"}},
       "links":[{"href":"https://example.com/1","text":"Change"}]}\
      """;

  private final SettableClock clock = new SettableClock();
  private final PagerDutySimulator pagerDuty =
      PagerDutySimulator.start(
          PagerDutyOptions.defaults()
              .withClock(clock)
              .withChangeEventsPerMinute(2)
              .withChangeEventsListedAfter(Duration.ofSeconds(30)));
  private final List<Exchange> calls = new ArrayList<>();
  private final Service portal;
  private final PagerDutyClient client;

  ChangeEventsTest() {
    pagerDuty.user("Ben", "ben@example.com");
    portal = pagerDuty.service("Portal", pagerDuty.escalationPolicy("Default", "ben@example.com"));
    client = new PagerDutyClient(pagerDuty.url(), "sandbox-token", "ben@example.com");
    pagerDuty.onRequest(calls::add);
  }

  @AfterEach
  void close() {
    pagerDuty.close();
  }

  private PagerDutyClient.Reply send(String key, String summary) {
    return new PagerDutyClient(pagerDuty.url(), "", "")
        .without("Authorization")
        .post("/v2/change/enqueue", EVENT.formatted(key, summary));
  }

  @Test
  void anAcceptedEventIsListedAWhileLater() {
    String key = pagerDuty.integrationKey(portal);

    assertThat(send(key, "Deployed").status()).isEqualTo(202);
    assertThat(pagerDuty.changeEvents())
        .singleElement()
        .satisfies(event -> assertThat(event.service()).isEqualTo(portal))
        .satisfies(event -> assertThat(event.detail("change")).isEqualTo("CHG0030001"))
        .satisfies(
            event ->
                assertThat(event.timestamp()).isEqualTo(Instant.parse("2026-11-24T02:00:00Z")));
    assertThat(client.get("/change_events?limit=10").json().path("change_events")).isEmpty();
    clock.advance(Duration.ofSeconds(30));

    var listed = client.get("/change_events?since=2026-11-24T01:00:00Z&until=2026-11-24T03:00:00Z");

    assertThat(listed.json().at("/change_events/0/summary").asText()).isEqualTo("Deployed");
    assertThat(listed.json().at("/change_events/0/services/0/id").asText()).isEqualTo(portal.id());
    assertThat(listed.json().toString()).doesNotContain(key);
    assertThat(client.get("/change_events?since=2026-11-24T03:00:00Z").json().path("change_events"))
        .isEmpty();
  }

  @Test
  void callsAndAnswersAreAsTheDocumentsSay() {
    send(pagerDuty.integrationKey(portal), "Deployed");
    clock.advance(Duration.ofSeconds(30));
    client.get("/change_events?limit=10&offset=0");
    PagerDutyDocument events = PagerDutyDocument.loadEvents();
    PagerDutyDocument rest = PagerDutyDocument.load();

    assertThat(events.brokenByRequest(calls.get(0))).isEmpty();
    assertThat(events.brokenByResponse(calls.get(0))).isEmpty();
    assertThat(rest.brokenByRequest(calls.get(1))).isEmpty();
    assertThat(rest.brokenByResponse(calls.get(1))).isEmpty();
  }

  /** "120 calls a minute per key". */
  @Test
  void eachKeyHasALimitOfItsOwn() {
    String key = pagerDuty.integrationKey(portal);
    String other = pagerDuty.integrationKey(portal);
    send(key, "1");
    send(key, "2");

    assertThat(send(key, "3").status()).isEqualTo(429);
    assertThat(send(other, "3").status()).isEqualTo(202);
    clock.advance(Duration.ofMinutes(1));
    assertThat(send(key, "3").status()).isEqualTo(202);
    assertThat(pagerDuty.changeEvents()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "too short, short, 'Deployed', routing_key",
    "unknown, 00000000000000000000000000000000, Deployed, Invalid routing key",
    "blank, '', ' ', summary",
  })
  void refusesWhatIsWrong(String name, String key, String summary, String error) {
    var reply = send(key.isEmpty() ? pagerDuty.integrationKey(portal) : key, summary);

    assertThat(reply.status()).as(name).isEqualTo(400);
    assertThat(reply.json().path("errors").toString()).contains(error);
    assertThat(pagerDuty.changeEvents()).isEmpty();
  }

  @Test
  void refusesASummaryThatIsTooLong() {
    String key = pagerDuty.integrationKey(portal);

    assertThat(send(key, "x".repeat(1025)).status()).isEqualTo(400);
    assertThat(send(key, "x".repeat(1024)).status()).isEqualTo(202);
  }

  @Test
  void aListingTakesTimesInUtcOnly() {
    assertThat(client.get("/change_events?since=2026-11-24T01:00:00%2B01:00").status())
        .isEqualTo(400);
    assertThat(client.without("Authorization").get("/change_events").status()).isEqualTo(401);
  }
}
