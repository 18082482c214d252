package dev.lockstep.sandbox.pagerduty;

import static dev.lockstep.sandbox.pagerduty.Hospital.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.Receiver;
import dev.lockstep.sandbox.Receiver.Got;
import dev.lockstep.sandbox.http.WebhookDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent, in which order, how often, and when no longer. */
class PagerDutyWebhookTest {

  private static final WebhookDelivery HASTY =
      new WebhookDelivery(
          Duration.ofSeconds(5),
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
  void tellsATaskWholeEachTimeItChanges() {
    String id = hospital.open("x");
    IncidentTask task = ana.addTask(id, "Add disk", "It filled up", Hospital.ANA, Hospital.BEN);
    ana.updateTask(task.id(), "Add more disk", "It filled up", Hospital.BEN);
    ana.updateTask(task.id(), "Add more disk", "It filled up", Hospital.BEN);
    ana.completeTask(task.id());
    ana.completeTask(task.id());
    settled();

    assertThat(receiver.eventTypes())
        .containsExactly(
            "incident.triggered",
            "incident.task.created",
            "incident.task.updated",
            "incident.task.completed");
    JsonNode created = receiver.got().get(1).json().path("event");
    assertThat(created.path("resource_type").asText()).isEqualTo("incident");
    assertThat(created.at("/data").fieldNames())
        .toIterable()
        .containsExactly(
            "name", "description", "id", "summary", "type", "status", "assignees", "incident");
    assertThat(created.at("/data/type").asText()).isEqualTo("incident_task");
    assertThat(created.at("/data/status").asText()).isEqualTo("todo");
    assertThat(created.at("/data/assignees/1/summary").asText()).isEqualTo("Ben Brandt");
    assertThat(created.at("/data/incident/id").asText()).isEqualTo(id);
    JsonNode completed = receiver.got().get(3).json().path("event");
    assertThat(completed.at("/data/name").asText()).isEqualTo("Add more disk");
    assertThat(completed.at("/data/status").asText()).isEqualTo("completed");
    assertThat(pagerDuty.tasks(id))
        .extracting(IncidentTask::status)
        .containsExactly(IncidentTask.Status.COMPLETED);
    assertThat(pagerDuty.logEntries(id)).hasSize(1);
  }

  @Test
  void mergingResolvesTheSourceWithItsReason() {
    String target = hospital.open("x");
    String source = hospital.open("y");
    ana.merge(target, source);
    settled();

    // Those of the other incident may be sent before or after it.
    JsonNode resolved =
        receiver.got().stream()
            .map(got -> got.json().path("event"))
            .filter(event -> event.path("event_type").asText().equals("incident.resolved"))
            .findFirst()
            .orElseThrow();
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
        .isEqualTo(
            WebhookSubscription.signatures(
                List.of("old", "new"), got.body().getBytes(StandardCharsets.UTF_8)))
        .matches("v1=[0-9a-f]{64},v1=[0-9a-f]{64}");
  }

  @Test
  void isQuietWhileSwitchedOffAndPingsWhenAsked() {
    pagerDuty.webhooks().on(false);
    hospital.open("x");
    pagerDuty.webhooks().ping();
    settled();

    assertThat(receiver.eventTypes()).containsExactly("pagey.ping");
  }

  private int test(String subscription) {
    return hospital.api().post("/webhook_subscriptions/" + subscription + "/ping", "").status();
  }

  private String subscription() {
    return hospital
        .api()
        .get("/webhook_subscriptions")
        .json()
        .at("/webhook_subscriptions/0/id")
        .asText();
  }

  @Test
  void sendsATestEventWhenAskedOverTheApi() {
    assertThat(test(subscription())).isEqualTo(202);
    assertThat(test("PNONE")).isEqualTo(404);
    settled();

    Got got = receiver.got().get(0);
    assertThat(receiver.got()).hasSize(1);
    assertThat(got.headers()).containsEntry("x-webhook-subscription", subscription());
    assertThat(got.headers().get("x-pagerduty-signature")).startsWith("v1=");
    assertThat(got.json().at("/event/event_type").asText()).isEqualTo("pagey.ping");
    assertThat(got.json().at("/event/id").asText()).isNotBlank();
  }

  /** The request is accepted all the same: only the missing webhook tells. */
  @Test
  void sendsNoTestEventWhileItIsInactiveOrDisabled() {
    pagerDuty.webhooks().on(false);
    assertThat(test(subscription())).isEqualTo(202);
    pagerDuty.webhooks().on(true);
    receiver.answer(401, 401, 401);
    for (int i = 0; i < 3; i++) {
      assertThat(test(subscription())).isEqualTo(202);
      settled();
    }
    assertThat(pagerDuty.webhooks().disabled()).isTrue();
    assertThat(test(subscription())).isEqualTo(202);
    settled();
    assertThat(receiver.got()).hasSize(3);
    assertThat(pagerDuty.webhooks().whileDisabled()).isEqualTo(1);
  }

  private void settled() {
    await().atMost(Duration.ofSeconds(10)).until(pagerDuty::webhooksIdle);
  }
}
