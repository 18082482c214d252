package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.IncidentStatus;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What nobody should send, and what cannot be carried: the rest goes on, and it is told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
  private Rig rig;

  @BeforeAll
  void start() {
    rig = Rig.started("bad-input", Map.of());
    rig.pagerDuty.user("Eve", "eve@example.com");
    rig.pagerDuty.service("Laundry", rig.pagerDuty.escalationPolicy("Laundry", "dee@example.com"));
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  @Test
  void aWebhookWithAWrongSignatureOrNoneIsRefused() {
    byte[] body =
        "{\"event\":{\"event_type\":\"incident.triggered\"}}".getBytes(StandardCharsets.UTF_8);
    double before = rig.lockstep.metric("lockstep_webhooks_total", "bad-signature");

    assertProblem(pagerDuty(body, "v1=" + "0".repeat(64)), 401);
    assertProblem(pagerDuty(body, Signature.of("an old secret", body)), 401);
    assertProblem(pagerDuty(body, ""), 401);

    assertThat(rig.lockstep.metric("lockstep_webhooks_total", "bad-signature"))
        .isEqualTo(before + 3);
  }

  @Test
  void aWebhookOfMoreThanOneMebibyteIsRefused() {
    byte[] large = new byte[1024 * 1024 + 1];

    assertProblem(pagerDuty(large, Signature.of("sandbox-webhook-secret", large)), 413);
  }

  @Test
  void whatIsRightlySignedButNotUnderstoodIsTakenAndShown() {
    for (String text : new String[] {"not JSON at all", "{\"event\":{\"id\":\"E1\"}}"}) {
      byte[] garbage = text.getBytes(StandardCharsets.UTF_8);
      assertThat(pagerDuty(garbage, Signature.of("sandbox-webhook-secret", garbage)).statusCode())
          .as(text)
          .isEqualTo(202);
      rig.await("a dead letter for " + text, () -> deadLetters().size() == 1);

      JsonNode letter = deadLetters().get(0);
      assertThat(letter.path("problem").asText()).isNotBlank();
      assertThat(letter.path("advice").asText()).isNotBlank();
      rig.lockstep.api("DELETE", "/dead-letters/" + letter.path("id").asText());
      assertThat(deadLetters()).isEmpty();
    }
  }

  @Test
  void anEventNobodyKnowsIsIgnoredAndCounted() {
    byte[] event =
        """
        {"event":{"id":"E2","event_type":"incident.sung_about","resource_type":"incident",
        "occurred_at":"2026-11-24T03:00:00.000Z","data":{"id":"Q1"}}}
        """
            .getBytes(StandardCharsets.UTF_8);
    double before = rig.lockstep.metric("lockstep_webhooks_total", "unknown-event");

    assertThat(pagerDuty(event, Signature.of("sandbox-webhook-secret", event)).statusCode())
        .isEqualTo(202);

    assertThat(rig.lockstep.metric("lockstep_webhooks_total", "unknown-event"))
        .isEqualTo(before + 1);
  }

  @Test
  void aRecordOutOfScopeGetsNoCounterpartUntilItIsInScope() {
    String calm = ticket("Mouse broken", Map.of("impact", "3", "urgency", "3"));
    linked(ticket("Ward without power", Map.of()));
    rig.awaitPolls(1);
    assertThat(correlation(calm)).isEmpty();

    rig.serviceNow.as("ann").update(calm, Map.of("impact", "1", "urgency", "1"));

    assertThat(linked(calm).title()).isEqualTo("Mouse broken");
  }

  @Test
  void aDeletedRecordIsToldOfAndTroublesNobody() {
    String ticket = ticket("Made by mistake", Map.of());
    PagerDutyIncident incident = linked(ticket);
    rig.serviceNow.makeAdmin("ann");
    rig.serviceNow.as("ann").delete(ticket);

    rig.await(
        "the pair is broken", () -> pair(incident).at("/pair/state").asText().equals("BROKEN"));
    assertThat(pair(incident).at("/pair/gaps").asInt()).isPositive();

    rig.pagerDuty.as("ben@example.com").addNote(incident.id(), "Where is the ticket?");
    rig.pagerDuty.as("ben@example.com").resolve(incident.id());
    rig.awaitPolls(2);
    assertThat(deadLetters()).isEmpty();
    assertThat(rig.serviceNow.record(ticket)).isEmpty();
  }

  @Test
  void whatTheOtherSideDoesNotKnowIsReportedWhileTheRestSyncs() {
    String ticket = ticket("Half known", Map.of());
    PagerDutyIncident incident = linked(ticket);
    var ben = rig.pagerDuty.as("ben@example.com");
    ben.reassign(incident.id(), "eve@example.com");
    ben.setService(incident.id(), "Laundry");
    ben.acknowledge(incident.id());
    ben.setPriority(incident.id(), "P1");
    ben.addNote(incident.id(), "Eve has it");

    rig.await(
        "what can be carried was",
        () ->
            value(ticket, "state").equals("2")
                && value(ticket, "priority").equals("1")
                && rig.serviceNow.journal(ticket).stream()
                    .anyMatch(entry -> entry.value().contains("Eve has it")));
    rig.await(
        "the gaps are on the pair",
        () ->
            gap(incident, "assignee").contains("eve@")
                && gap(incident, "service").contains("Laundry"));
    assertThat(deadLetters()).isEmpty();

    rig.serviceNow.as("ann").update(ticket, Map.of("state", "42", "short_description", "Renamed"));
    rig.await("the title", () -> rig.pagerDuty.incident(incident.id()).title().equals("Renamed"));
    rig.await("the gap", () -> gap(incident, "status").contains("42"));
    assertThat(rig.pagerDuty.incident(incident.id()).status())
        .isEqualTo(IncidentStatus.ACKNOWLEDGED);
    assertThat(deadLetters()).isEmpty();
  }

  private String ticket(String title, Map<String, String> fields) {
    Map<String, String> all = new HashMap<>(Map.of("impact", "1", "urgency", "2"));
    all.put("short_description", title);
    all.putAll(fields);
    return rig.serviceNow.as("ann").create("incident", all);
  }

  private PagerDutyIncident linked(String ticket) {
    rig.await("a counterpart of " + ticket, () -> !correlation(ticket).isEmpty());
    return rig.pagerDuty.incident(correlation(ticket).substring("pagerduty/incident/".length()));
  }

  private String correlation(String ticket) {
    return value(ticket, "correlation_id");
  }

  private String value(String ticket, String column) {
    return rig.serviceNow.value(ticket, column);
  }

  private JsonNode pair(PagerDutyIncident incident) {
    return rig.lockstep.api("GET", "/pairs/%23" + incident.number());
  }

  private String gap(PagerDutyIncident incident, String field) {
    for (JsonNode each : pair(incident).path("fields")) {
      if (each.path("name").asText().equals(field)) {
        return each.path("gap").asText();
      }
    }
    return "";
  }

  private JsonNode deadLetters() {
    return rig.lockstep.api("GET", "/dead-letters").path("deadLetters");
  }

  private HttpResponse<String> pagerDuty(byte[] body, String signature) {
    return rig.lockstep.webhook("pagerduty", "X-PagerDuty-Signature", signature, body);
  }

  private static void assertProblem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(answer.body()).hasSizeLessThan(500).doesNotContain("Exception", "\tat ");
  }
}
