package dev.lockstep.sandbox.pagerduty;

import static dev.lockstep.sandbox.pagerduty.Hospital.update;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.PagerDutyClient.Reply;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code PUT /incidents/{id}/merge}, by real HTTP. */
class MergeTest {

  private final Hospital hospital = new Hospital();
  private final PagerDutyClient api = hospital.api();

  @AfterEach
  void stop() {
    hospital.close();
  }

  @Test
  void theSourceIsResolvedAndSaysIntoWhatItWasMerged() {
    String target = hospital.open("Records are down");
    String source = hospital.open("Records are slow");
    hospital.clock.advance(Duration.ofSeconds(5));

    Reply reply = merge(api, target, source);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/incident/id").asText()).isEqualTo(target);
    assertThat(reply.json().at("/incident/status").isMissingNode()).isTrue();
    JsonNode merged = get(source);
    assertThat(merged.path("status").asText()).isEqualTo("resolved");
    assertThat(merged.path("resolved_at").asText()).isEqualTo("2026-11-24T03:00:05Z");
    assertThat(merged.at("/resolve_reason/type").asText()).isEqualTo("merge_resolve_reason");
    assertThat(merged.at("/resolve_reason/incident/id").asText()).isEqualTo(target);
    assertThat(merged.at("/resolve_reason/incident/type").asText()).isEqualTo("incident_reference");
    assertThat(merged.path("is_mergeable").asBoolean()).isFalse();
    assertThat(get(target).path("resolve_reason").isNull()).isTrue();
    assertThat(get(target).path("status").asText()).isEqualTo("triggered");
    assertThat(hospital.pagerDuty.logEntries(source))
        .extracting(LogEntry::type)
        .containsExactly("trigger_log_entry", "resolve_log_entry");
    assertThat(hospital.pagerDuty.counts()).isEqualTo(new IncidentCounts(2, 1, 1));
  }

  @Test
  void aMergeIsRefusedTheSecondTimeAndIsNotUndone() {
    String target = hospital.open("x");
    String other = hospital.open("y");
    String source = hospital.open("z");
    merge(api, target, source);

    for (String into : List.of(target, other)) {
      Reply again = merge(api, into, source);
      assertThat(again.status()).isEqualTo(400);
      assertThat(again.error().path("code").asInt()).isEqualTo(1019);
    }
    assertThat(api.put("/incidents/" + source, update("'status':'triggered'")).status())
        .isEqualTo(400);
    assertThat(get(source).at("/resolve_reason/incident/id").asText()).isEqualTo(target);
  }

  @Test
  void nothingIsMergedIntoAResolvedIncident() {
    String target = hospital.open("x");
    String source = hospital.open("y");
    api.put("/incidents/" + target, update("'status':'resolved'"));

    Reply refused = merge(api, target, source);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().path("code").asInt()).isEqualTo(1001);
    assertThat(hospital.pagerDuty.incident(source).isOpen()).isTrue();
  }

  /** "Unable to merge resolved incidents into open incidents", giranm/pd-live-react issue 140. */
  @Test
  void aResolvedIncidentCanBeMergedWhichOnlyItsReasonTells() {
    String target = hospital.open("x");
    String source = hospital.open("y");
    api.put("/incidents/" + source, update("'status':'resolved'"));
    int entries = hospital.pagerDuty.logEntries(source).size();

    assertThat(merge(api, target, source).status()).isEqualTo(200);

    assertThat(get(source).at("/resolve_reason/incident/id").asText()).isEqualTo(target);
    assertThat(hospital.pagerDuty.logEntries(source)).hasSize(entries);
  }

  @Test
  void mergesAllOrNone() {
    String target = hospital.open("x");
    String fine = hospital.open("y");
    String merged = hospital.open("z");
    merge(api, hospital.open("elsewhere"), merged);

    assertThat(merge(api, target, fine, merged).status()).isEqualTo(400);
    assertThat(merge(api, target, fine, target).status()).isEqualTo(400);
    assertThat(merge(api, target, fine, "PNONE").status()).isEqualTo(404);
    assertThat(merge(api, "PNONE", fine).status()).isEqualTo(404);
    assertThat(merge(api, target).status()).isEqualTo(400);
    assertThat(hospital.pagerDuty.incident(fine).isOpen()).isTrue();

    assertThat(merge(api, target, fine, hospital.open("w")).status()).isEqualTo(200);
    assertThat(hospital.pagerDuty.counts().merged()).isEqualTo(3);
  }

  @Test
  void anIncidentHoldsAThousandAlerts() {
    PagerDutyIncident full = alerts(999);
    PagerDutyIncident one = hospital.pagerDuty.alert("Health records", "Disk full", "disk");
    PagerDutyIncident tooMuch = hospital.pagerDuty.alert("Health records", "Queue full", "queue");

    assertThat(merge(api, full.id(), one.id()).status()).isEqualTo(200);
    Reply refused = merge(api, full.id(), tooMuch.id());

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().at("/errors/0").asText()).contains("1000 alerts");
    assertThat(get(full.id()).at("/alert_counts/all").asInt()).isEqualTo(1000);
    assertThat(hospital.pagerDuty.incident(tooMuch.id()).isOpen()).isTrue();
  }

  @Test
  void needsAKnownRequester() {
    String target = hospital.open("x");
    String source = hospital.open("y");

    assertThat(merge(hospital.api().without("From"), target, source).status()).isEqualTo(400);
    assertThat(merge(hospital.api().with("From", "nobody@example.com"), target, source).status())
        .isEqualTo(400);
    assertThat(hospital.pagerDuty.incident(source).isOpen()).isTrue();
  }

  /** The stricter reading of "created manually in the UI". */
  @Test
  void mayBeToldToMergeNothingThatTheApiOpenedWithoutAlerts() {
    try (Hospital strict = new Hospital(options -> options.withApiIncidentsMergeable(false))) {
      PagerDutyPerson ana = strict.pagerDuty.as(Hospital.ANA);
      String byApi = strict.open("x");
      String byHand = ana.createIncident("Health records", "y").id();
      String alert = strict.pagerDuty.alert("Health records", "z").id();

      for (Reply refused :
          List.of(merge(strict.api(), byHand, byApi), merge(strict.api(), byApi, byHand))) {
        assertThat(refused.status()).isEqualTo(400);
      }
      assertThat(merge(strict.api(), byHand, alert).status()).isEqualTo(200);
      assertThat(strict.api().get("/incidents/" + byApi).json().at("/incident/is_mergeable"))
          .hasToString("false");
    }
  }

  /** Merged together from incidents of one alert each. */
  private PagerDutyIncident alerts(int count) {
    PagerDutyIncident target = hospital.pagerDuty.alert("Health records", "Disk full", "a0");
    String[] sources =
        Stream.iterate(1, i -> i < count, i -> i + 1)
            .map(i -> hospital.pagerDuty.alert("Health records", "Disk full", "a" + i).id())
            .toArray(String[]::new);
    return hospital.pagerDuty.as(Hospital.ANA).merge(target.id(), sources);
  }

  private JsonNode get(String id) {
    return api.get("/incidents/" + id).json().path("incident");
  }

  private static Reply merge(PagerDutyClient api, String target, String... sources) {
    String references =
        Stream.of(sources)
            .map("{'id':'%s','type':'incident_reference'}"::formatted)
            .collect(joining(","));
    return api.put(
        "/incidents/" + target + "/merge",
        PagerDutyClient.quoted("{'source_incidents':[%s]}".formatted(references)));
  }
}
