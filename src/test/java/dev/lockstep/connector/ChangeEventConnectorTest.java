package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are created once and never changed, with a secret in their call. */
final class ChangeEventConnectorTest {
  private static final String SYSTEM = "pagerduty-changes";
  private static final String SOURCE = "servicenow/change-request/1";

  private final PagerDutySimulator pagerDuty =
      PagerDutySimulator.start(PagerDutyOptions.defaults());
  private final String key;
  private final ConnectorKit kit;

  ChangeEventConnectorTest() {
    pagerDuty.user("Ben", "ben@example.com");
    key =
        pagerDuty.integrationKey(
            pagerDuty.service("Portal", pagerDuty.escalationPolicy("Default", "ben@example.com")));
    Map<String, String> settings = ConnectorKit.settings(0);
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_EVENTS_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_ROUTING_KEYS", "A = b = %s, Portal=%s".formatted(key, key));
    kit =
        new ConnectorKit(
            List.of(Path.of("connectors")), settings, Clock.systemUTC(), Set.of("summary"));
  }

  @AfterEach
  void close() {
    kit.close();
    pagerDuty.close();
  }

  private static JsonNode event(String service, String summary) {
    return ConnectorContract.json(
        """
        {"summary":"%s","timestamp":"2026-11-24T02:00:00Z","source":"ServiceNow",
         "custom_details":{"service":"%s","change":"CHG0030001"}}\
        """
            .formatted(summary, service));
  }

  @Test
  void anAcceptedEventIsTheRecordThatWasSent() {
    NativeRecord started =
        kit.connectors.create(SYSTEM, "change-started", event("Portal", "Go"), SOURCE + "/t", "C");
    NativeRecord ended =
        kit.connectors.create(SYSTEM, "change-ended", event("Portal", "Done"), SOURCE + "/u", "C");

    assertThat(started.key()).isEqualTo("Change started: CHG0030001");
    assertThat(started.ref().id()).matches("started:[0-9a-f]{32}");
    assertThat(started.json().toString()).doesNotContain(key);
    assertThat(kit.connectors.notes(started.ref())).isEmpty();
    assertThat(pagerDuty.calls().reads()).isZero();
    assertThat(pagerDuty.changeEvents()).hasSize(2);
    // The other event of the same change is not taken for it.
    assertThat(kit.connectors.findByCorrelation(SYSTEM, "change-started", SOURCE + "/x"))
        .map(NativeRecord::ref)
        .contains(started.ref());
    assertThat(kit.connectors.findByCorrelation(SYSTEM, "change-ended", SOURCE + "/x"))
        .map(NativeRecord::ref)
        .contains(ended.ref());
    assertThat(kit.connectors.findByCorrelation(SYSTEM, "change-failed", SOURCE + "/x")).isEmpty();
  }

  /** Builds and deployments are what most accounts have change events of. */
  @Test
  void eventsOfOtherToolsHideNone() throws IOException, InterruptedException {
    for (String payload :
        List.of(
            "{\"summary\":\"Build 4711\"}",
            "{\"summary\":\"Build 4712\",\"custom_details\":{\"branch\":\"main\"}}")) {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(pagerDuty.url() + "/v2/change/enqueue"))
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"routing_key\":\"%s\",\"payload\":%s}".formatted(key, payload)))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(202);
    }

    assertThat(kit.connectors.findByCorrelation(SYSTEM, "change-started", SOURCE)).isEmpty();
    NativeRecord started =
        kit.connectors.create(SYSTEM, "change-started", event("Portal", "Go"), SOURCE, "C");
    assertThat(kit.connectors.findByCorrelation(SYSTEM, "change-started", SOURCE))
        .map(NativeRecord::ref)
        .contains(started.ref());
  }

  @Test
  void aNameMayContainAnEqualsSign() {
    kit.connectors.create(SYSTEM, "change-started", event("A = b", "Go"), SOURCE, "C");

    assertThat(pagerDuty.changeEvents()).hasSize(1);
  }

  @Test
  void aRefusalShowsWhatIsWrongAndNoKey() {
    assertThatThrownBy(
            () ->
                kit.connectors.create(
                    SYSTEM, "change-started", event("Portal", "x".repeat(1025)), SOURCE, "C"))
        .isInstanceOf(RequestRejectedException.class)
        .hasMessageContaining("longer than 1024")
        .satisfies(refused -> assertThat(refused.toString()).doesNotContain(key));
    assertThatThrownBy(
            () ->
                kit.connectors.create(
                    SYSTEM, "change-started", event("Canteen", "Go"), SOURCE, "C"))
        .isInstanceOf(RequestRejectedException.class)
        .hasMessageContaining("PAGERDUTY_ROUTING_KEYS has no entry for 'Canteen'");
    assertThat(pagerDuty.changeEvents()).isEmpty();
  }

  @Test
  void aTimeIsReadAsTheMappingsKnowIt() {
    try (ServiceNowSimulator serviceNow = ServiceNowSimulator.start(new ServiceNowOptions())) {
      String change =
          serviceNow.seed("change_request", Map.of("work_start", "2026-11-24 02:00:00"));
      Map<String, String> settings = ConnectorKit.settings(0);
      settings.put("SERVICENOW_URL", serviceNow.url());
      settings.put("SERVICENOW_PASSWORD", "lockstep");
      try (ConnectorKit other =
          new ConnectorKit(
              List.of(Path.of("connectors")),
              settings,
              Clock.systemUTC(),
              Set.of("work_start", "work_end"))) {
        JsonNode read =
            other
                .connectors
                .fetch(other.records.ref("servicenow", "change-request", change))
                .json();

        assertThat(read.path("work_start").asText()).isEqualTo("2026-11-24T02:00:00Z");
        assertThat(read.path("work_end").asText()).isEmpty();
      }
    }
  }

  @Test
  void itIsKnownWhatSuchRecordsAndSecretsNeed(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "    merged-into: merged\n",
        "    append-only: true\n",
        "errors:\n",
        "secrets:\n  - {call: create-tickets, path: key, by: name, setting: key}\n\nerrors:\n");

    assertThatThrownBy(
            () ->
                ConnectorCatalog.load(
                    List.of(Path.of("connectors"), folder), ConnectorKit.environment(Map.of())))
        .hasMessageContaining("with `append-only` nothing is changed later")
        .hasMessageContaining("'create-tickets' is not declared under `calls`; did you mean")
        .hasMessageContaining("'key' is no setting with `kind: table`");
  }
}
