package dev.lockstep.sandbox.pagerduty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.sandbox.Receiver;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.WebhookCounts;
import dev.lockstep.sandbox.http.WebhookDelivery;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often webhooks are sent, and when no longer. */
class WebhookDeliveryTest {

  private static final WebhookDelivery HASTY =
      new WebhookDelivery(
          Duration.ofMillis(400),
          List.of(Duration.ofMillis(20), Duration.ofMillis(40), Duration.ofMillis(60)),
          4,
          Duration.ofMillis(300));

  private final Hospital hospital = new Hospital(options -> options.withWebhookDelivery(HASTY));
  private final PagerDutySimulator pagerDuty = hospital.pagerDuty;
  private final Receiver receiver = new Receiver("pagerduty", "/event/event_type");
  private final PagerDutyPerson ana = pagerDuty.as(Hospital.ANA);

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
    assertThat(pagerDuty.webhooks().counts()).isEqualTo(new WebhookCounts(2, 5, 3, 0, 0, 0, 0, 0));
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
    assertThat(pagerDuty.webhooks().whileDisabled()).isPositive();

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

    hospital.clock.advance(Duration.ofHours(24));

    assertThat(pagerDuty.subscriptionDisabled()).isFalse();
  }

  @Test
  void givesUpAfterTheLastRetry() {
    receiver.answer(500, 500, 500, 500);
    String id = hospital.open("x");
    settled();

    assertThat(pagerDuty.webhooks().counts()).isEqualTo(new WebhookCounts(0, 4, 3, 1, 0, 0, 0, 0));
    ana.acknowledge(id);
    settled();
    assertThat(pagerDuty.webhooks().counts().delivered()).isEqualTo(1);
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
    assertThat(pagerDuty.webhooks().counts().lost()).isEqualTo(1);
  }

  @Test
  void aHeldBackWebhookGoesOutWhenNothingFollows() {
    plan(Faults.Kind.WEBHOOK_REORDERED, "incident.triggered");
    hospital.open("x");
    settled();

    assertThat(receiver.eventTypes()).containsExactly("incident.triggered");
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
