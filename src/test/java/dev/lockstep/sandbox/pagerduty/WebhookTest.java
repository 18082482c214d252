package dev.lockstep.sandbox.pagerduty;

import static dev.lockstep.sandbox.pagerduty.Hospital.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.Faults;
import dev.lockstep.sandbox.pagerduty.Receiver.Got;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent, in which order, how often, and when no longer. */
class WebhookTest {

  private static final Options.WebhookDelivery HASTY =
      new Options.WebhookDelivery(
          Duration.ofMillis(400),
          List.of(Duration.ofMillis(20), Duration.ofMillis(40), Duration.ofMillis(60)),
          4,
          Duration.ofHours(24),
          Duration.ofMillis(300));

  private final Hospital hospital = new Hospital(options -> options.withWebhookDelivery(HASTY));
  private final PagerDutySimulator pagerDuty = hospital.pagerDuty;
  private final Receiver receiver = new Receiver();
  private final Person ana = pagerDuty.as(Hospital.ANA);

  @BeforeEach
  void subscribe() {
    pagerDuty.webhooks().target(receiver.url());
  }

  @AfterEach
  void stop() {
    hospital.close();
    receiver.close();
  }

  @Test
  void tellsWhatHappenedInOrderWithTheHeadersOfAV3Webhook() {
    String id = hospital.open("x");
    ana.acknowledge(id);
    ana.unacknowledge(id);
    ana.setPriority(id, "P1");
    ana.reassign(id, Hospital.BEN);
    ana.escalate(id, 1);
    ana.delegate(id, "Network on call");
    ana.setService(id, "Wireless network");
    ana.addNote(id, "Looking");
    ana.statusUpdate(id, "Paper charts");
    ana.resolve(id);
    ana.reopen(id);
    settled();

    assertThat(receiver.eventTypes())
        .containsExactly(
            "incident.triggered",
            "incident.acknowledged",
            "incident.unacknowledged",
            "incident.priority_updated",
            "incident.reassigned",
            "incident.escalated",
            "incident.delegated",
            "incident.service_updated",
            "incident.annotated",
            "incident.status_update_published",
            "incident.resolved",
            "incident.reopened");
    Map<String, String> headers = receiver.got().get(0).headers();
    assertThat(headers)
        .containsEntry("user-agent", "PagerDuty-Webhook/V3.0")
        .containsEntry("content-type", "application/json");
    assertThat(headers.get("x-webhook-id")).isNotBlank();
    assertThat(headers.get("x-webhook-subscription")).startsWith("P");
    assertThat(headers.get("x-pagerduty-signature")).startsWith("v1=");
    assertThat(receiver.got())
        .extracting(got -> Instant.parse(got.json().at("/event/occurred_at").asText()))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void carriesTheIncidentAsItWasThen() {
    String id = hospital.open("x");
    ana.setPriority(id, "P2");
    ana.resolve(id);
    settled();

    JsonNode prioritised = receiver.got().get(1).json().path("event");
    assertThat(prioritised.at("/agent/summary").asText()).isEqualTo("Ana Alvarez");
    assertThat(prioritised.at("/data/priority/summary").asText()).isEqualTo("P2");
    assertThat(prioritised.at("/data/status").asText()).isEqualTo("triggered");
    assertThat(prioritised.at("/data/number").asInt()).isEqualTo(1);
    assertThat(prioritised.at("/data/assignees/0/summary").asText()).isEqualTo("Ana Alvarez");
    assertThat(prioritised.at("/occurred_at").asText()).matches(".*T03:00:00\\.\\d{3}Z");
    assertThat(receiver.got().get(2).json().at("/event/data/assignees")).isEmpty();
  }

  @Test
  void saysNothingOfATitleAnUrgencyOrAChangeOfNothing() {
    String id = hospital.open("x");
    ana.setTitle(id, "y");
    ana.setUrgency(id, Urgency.LOW);
    hospital.api().put("/incidents/" + id, update("'title':'y'"));
    settled();

    assertThat(receiver.eventTypes()).containsExactly("incident.triggered");
  }

  @Test
  void mergingResolvesTheSourceWithItsReason() {
    String target = hospital.open("x");
    String source = hospital.open("y");
    ana.merge(target, source);
    settled();

    JsonNode resolved = receiver.got().get(2).json().path("event");
    assertThat(resolved.path("event_type").asText()).isEqualTo("incident.resolved");
    assertThat(resolved.at("/data/id").asText()).isEqualTo(source);
    assertThat(resolved.at("/data/resolve_reason/incident/id").asText()).isEqualTo(target);
  }

  @Test
  void signsWithEverySecretOfARotation() {
    pagerDuty.webhooks().secrets(List.of("old", "new"));
    hospital.open("x");
    settled();

    Got got = receiver.got().get(0);
    assertThat(got.headers().get("x-pagerduty-signature"))
        .isEqualTo(WebhookSender.signatures(List.of("old", "new"), got.body()))
        .matches("v1=[0-9a-f]{64},v1=[0-9a-f]{64}");
  }

  @Test
  void sendsAgainWithTheSameIdWhileTheReceiverFailsAndKeepsTheRestWaiting() {
    receiver.answer(503, 429);
    receiver.stayQuietOnce();
    String id = hospital.open("x");
    ana.acknowledge(id);
    settled();

    assertThat(receiver.eventTypes())
        .containsExactly(
            "incident.triggered",
            "incident.triggered",
            "incident.triggered",
            "incident.triggered",
            "incident.acknowledged");
    assertThat(
            receiver.got().subList(0, 4).stream()
                .map(got -> got.headers().get("x-webhook-id"))
                .collect(Collectors.toSet()))
        .hasSize(1);
    assertThat(pagerDuty.webhooks().tally())
        .isEqualTo(new WebhookSubscription.Tally(2, 5, 3, 0, 0, 0));
  }

  @Test
  void doesNotMakeOtherIncidentsWait() {
    receiver.stayQuietOnce();
    String stuck = hospital.open("stuck");
    await().until(() -> receiver.got().size() == 1);
    hospital.open("free");

    await()
        .atMost(Duration.ofMillis(390))
        .until(
            () ->
                receiver.got().stream()
                    .anyMatch(got -> !got.json().at("/event/data/id").asText().equals(stuck)));
  }

  @Test
  void dropsWhatIsRefusedAndIsDisabledAfterThreeInARow() {
    receiver.answer(400, 401);
    String id = hospital.open("x");
    ana.acknowledge(id);
    ana.addNote(id, "delivered: the count starts anew");
    settled();
    receiver.answer(404, 410, 301);
    ana.addNote(id, "1");
    ana.addNote(id, "2");
    assertThat(pagerDuty.subscriptionDisabled()).isFalse();
    ana.addNote(id, "3");
    ana.addNote(id, "4");
    settled();

    assertThat(pagerDuty.subscriptionDisabled()).isTrue();
    long sent = receiver.got().size();
    ana.addNote(id, "5");
    settled();
    assertThat(receiver.got()).hasSize((int) sent);
    assertThat(pagerDuty.webhooks().tally().whileDisabled()).isPositive();

    pagerDuty.webhooks().enable();
    ana.addNote(id, "6");
    settled();
    assertThat(receiver.got()).hasSize((int) sent + 1);
  }

  @Test
  void isEnabledAgainAfterADay() {
    receiver.answer(400, 400, 400);
    String id = hospital.open("x");
    ana.addNote(id, "1");
    ana.addNote(id, "2");
    settled();
    assertThat(pagerDuty.subscriptionDisabled()).isTrue();

    hospital.clock.tick(Duration.ofHours(24));

    assertThat(pagerDuty.subscriptionDisabled()).isFalse();
  }

  @Test
  void givesUpAfterTheLastRetry() {
    receiver.answer(500, 500, 500, 500);
    String id = hospital.open("x");
    settled();

    assertThat(pagerDuty.webhooks().tally())
        .isEqualTo(new WebhookSubscription.Tally(0, 4, 3, 1, 0, 0));
    ana.acknowledge(id);
    settled();
    assertThat(pagerDuty.webhooks().tally().delivered()).isEqualTo(1);
  }

  @Test
  void losesRepeatsAndReordersWhatItIsToldTo() {
    String id = hospital.open("x");
    plan(Faults.Kind.WEBHOOK_LOST, "incident.acknowledged");
    plan(Faults.Kind.WEBHOOK_TWICE, "incident.annotated");
    plan(Faults.Kind.WEBHOOK_REORDERED, "incident.priority_updated");
    ana.acknowledge(id);
    ana.addNote(id, "n");
    ana.setPriority(id, "P1");
    assertThat(pagerDuty.webhooksIdle()).isFalse();
    ana.reassign(id, Hospital.EVA);
    settled();

    assertThat(receiver.eventTypes())
        .containsExactly(
            "incident.triggered",
            "incident.annotated",
            "incident.annotated",
            "incident.reassigned",
            "incident.priority_updated");
    assertThat(receiver.got().get(1).headers().get("x-webhook-id"))
        .isEqualTo(receiver.got().get(2).headers().get("x-webhook-id"));
    assertThat(pagerDuty.webhooks().tally().lost()).isEqualTo(1);
  }

  @Test
  void aHeldBackWebhookGoesOutWhenNothingFollows() {
    plan(Faults.Kind.WEBHOOK_REORDERED, "incident.triggered");
    hospital.open("x");
    settled();

    assertThat(receiver.eventTypes()).containsExactly("incident.triggered");
  }

  @Test
  void isQuietWhileSwitchedOffAndPingsWhenAsked() {
    pagerDuty.webhooks().on(false);
    hospital.open("x");
    pagerDuty.webhooks().ping();
    settled();

    assertThat(receiver.eventTypes()).containsExactly("pagey.ping");
  }

  private void plan(Faults.Kind fault, String eventType) {
    pagerDuty
        .faults()
        .next(1, fault, call -> call.method().equals("WEBHOOK") && call.path().equals(eventType));
  }

  private void settled() {
    await().atMost(Duration.ofSeconds(10)).until(pagerDuty::webhooksIdle);
  }
}
