package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.Receiver;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.WebhookCounts;
import dev.lockstep.sandbox.http.WebhookDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What webhooks say, how they are signed, sent and sent again. */
class JiraWebhookTest {

  private static final WebhookDelivery HASTY =
      new WebhookDelivery(
          Duration.ofSeconds(5),
          List.of(
              Duration.ofMillis(20),
              Duration.ofMillis(20),
              Duration.ofMillis(20),
              Duration.ofMillis(20),
              Duration.ofMillis(20)),
          4,
          Duration.ofMillis(300));

  private final Shop shop = new Shop(options -> options.webhookDelivery(HASTY));
  private final Receiver receiver = new Receiver("jira", "/webhookEvent");
  private final Webhooks webhooks = shop.jira.webhooks();

  @AfterEach
  void stop() {
    shop.close();
    receiver.close();
  }

  /**
   * From "Secure admin webhooks", https://developer.atlassian.com/cloud/jira/platform/webhooks/.
   */
  @Test
  void signsAsThePublishedExample() {
    String signature =
        Webhooks.signature(
            "It's a Secret to Everybody", "Hello World!".getBytes(StandardCharsets.UTF_8));

    assertThat(signature)
        .isEqualTo("sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9");
  }

  @Test
  void tellsOfAnIssueInTheShapeOfVersion2() {
    webhooks.register(receiver.url(), "s3cret", "");
    String key = shop.open("Down");
    shop.maya.edit(
        key, "description", Json.read(JiraClient.quoted(Shop.doc("See log"))).orElseThrow());
    shop.maya.comment(key, "On it");
    settled();

    assertThat(receiver.eventTypes())
        .containsExactly("jira:issue_created", "jira:issue_updated", "comment_created");
    JsonNode updated = receiver.got().get(1).json();
    assertThat(updated.path("timestamp").asLong()).isEqualTo(shop.clock.instant().toEpochMilli());
    assertThat(updated.path("issue_event_type_name").asText()).isEqualTo("issue_updated");
    assertThat(updated.at("/issue/key").asText()).isEqualTo(key);
    assertThat(updated.at("/issue/self").asText()).contains("/rest/api/2/issue/");
    assertThat(updated.at("/issue/fields/description").asText()).isEqualTo("See log");
    assertThat(updated.at("/issue/fields").has("comment")).isFalse();
    assertThat(updated.at("/user/displayName").asText()).isEqualTo("Maya Mills");
    assertThat(updated.at("/user").has("emailAddress")).isFalse();
    assertThat(updated.at("/changelog/items/0/field").asText()).isEqualTo("description");
    assertThat(updated.at("/changelog/items/0/toString").asText()).isEqualTo("See log");
    JsonNode commented = receiver.got().get(2).json();
    assertThat(commented.at("/comment/body").asText()).isEqualTo("On it");
    assertThat(commented.at("/comment/author/displayName").asText()).isEqualTo("Maya Mills");
    assertThat(commented.at("/issue/fields/status/name").asText()).isEqualTo("Open");
    Receiver.Got got = receiver.got().get(0);
    assertThat(got.headers().get("x-hub-signature"))
        .isEqualTo(Webhooks.signature("s3cret", got.body().getBytes(StandardCharsets.UTF_8)));
    assertThat(got.headers()).doesNotContainKey("x-atlassian-webhook-retry");
  }

  @Test
  void tellsOfTransitionsLinksAndDeletions() {
    String key = shop.open("Down");
    String other = shop.open("Down too");
    webhooks.register(receiver.url(), "", "");
    shop.maya.transition(key, "Start progress");
    shop.maya.assign(key, Shop.OMAR);
    shop.maya.link("Duplicate", other, key);
    shop.maya.delete(key);
    settled();

    assertThat(receiver.eventTypes())
        .containsExactlyInAnyOrder(
            "jira:issue_updated", "jira:issue_updated", "issuelink_created", "jira:issue_deleted");
    // Order is kept for one issue; the link is told beside it, and may come first.
    Receiver.Got first =
        receiver.got().stream()
            .filter(got -> got.eventType().equals("jira:issue_updated"))
            .findFirst()
            .orElseThrow();
    JsonNode moved = first.json();
    assertThat(moved.path("issue_event_type_name").asText()).isEqualTo("issue_generic");
    assertThat(moved.at("/changelog/items/0/fromString").asText()).isEqualTo("Open");
    assertThat(moved.at("/changelog/items/0/toString").asText()).isEqualTo("In Progress");
    assertThat(receiver.got())
        .allSatisfy(got -> assertThat(got.headers()).doesNotContainKey("x-hub-signature"));
    assertThat(
            receiver.got().stream()
                .map(Receiver.Got::json)
                .filter(json -> json.has("issueLink"))
                .map(json -> json.at("/issueLink/issueLinkType/name").asText()))
        .containsExactly("Duplicate");
  }

  @Test
  void sendsOnlyWhatTheFilterAndTheEventsLetThrough() {
    webhooks.register(
        receiver.url(),
        "",
        "project = OPS AND labels = urgent",
        Set.of("jira:issue_updated", "comment_created"));
    String key = shop.open("x");
    shop.maya.comment(key, "too early");
    shop.maya.edit(key, "labels", Json.array().add("urgent"));
    shop.maya.comment(key, "now");
    shop.maya.create("WEB", "Task", "y");
    settled();

    assertThat(receiver.eventTypes()).containsExactly("jira:issue_updated", "comment_created");
  }

  @Test
  void sendsAgainFiveTimesWithTheSameIdentifierThenGivesUp() {
    webhooks.register(receiver.url(), "", "");
    receiver.answer(503, 429, 408, 409, 425, 500);
    shop.open("x");
    settled();

    assertThat(receiver.got()).hasSize(6);
    assertThat(receiver.got())
        .extracting(got -> got.headers().get("x-atlassian-webhook-identifier"))
        .containsOnly(receiver.got().get(0).headers().get("x-atlassian-webhook-identifier"));
    assertThat(receiver.got())
        .extracting(got -> got.headers().get("x-atlassian-webhook-retry"))
        .containsExactly(null, "1", "2", "3", "4", "5");
    assertThat(webhooks.counts()).isEqualTo(new WebhookCounts(0, 6, 5, 1, 0, 0, 0, 0));
  }

  @Test
  void dropsWhatIsRefusedForGoodAndRetriesWhatIsNotAnswered() {
    webhooks.register(receiver.url(), "", "");
    receiver.answer(401);
    shop.open("refused");
    settled();
    receiver.stayQuietOnce();
    shop.open("unanswered");
    settled();

    assertThat(receiver.got()).hasSize(3);
    assertThat(webhooks.counts()).isEqualTo(new WebhookCounts(1, 3, 1, 1, 0, 0, 0, 0));
  }

  @Test
  void aRetryDoesNotHoldUpWhatFollows() {
    webhooks.register(receiver.url(), "", "");
    receiver.answer(503);
    String key = shop.open("x");
    shop.maya.prioritize(key, "High");
    settled();

    assertThat(receiver.eventTypes())
        .contains("jira:issue_updated")
        .filteredOn("jira:issue_created"::equals)
        .hasSize(2);
  }

  @Test
  void losesRepeatsAndReordersWhatItIsToldTo() {
    webhooks.register(receiver.url(), "", "");
    String key = shop.open("x");
    settled();
    plan(Faults.Kind.WEBHOOK_LOST);
    shop.maya.prioritize(key, "High");
    plan(Faults.Kind.WEBHOOK_TWICE);
    shop.maya.prioritize(key, "Low");
    plan(Faults.Kind.WEBHOOK_REORDERED);
    shop.maya.prioritize(key, "Lowest");
    assertThat(shop.jira.webhooksIdle()).isFalse();
    shop.maya.prioritize(key, "Highest");
    settled();

    assertThat(receiver.got().subList(1, 5))
        .extracting(got -> got.json().at("/issue/fields/priority/name").asText())
        .containsExactly("Low", "Low", "Highest", "Lowest");
    assertThat(receiver.got().get(1).headers().get("x-atlassian-webhook-identifier"))
        .isEqualTo(receiver.got().get(2).headers().get("x-atlassian-webhook-identifier"));
    assertThat(webhooks.counts().lost()).isEqualTo(1);
  }

  @Test
  void sendsNothingWhileSwitchedOff() {
    webhooks.register(receiver.url(), "", "");
    webhooks.on(false);
    shop.open("quiet");
    webhooks.on(true);
    shop.open("loud");
    settled();

    assertThat(receiver.got()).hasSize(1);
  }

  @Test
  void canTellOfCommentsAsUpdatesToo() {
    try (Shop both = new Shop(options -> options.commentsUpdateIssues(true))) {
      String key = both.open("x");
      both.jira.webhooks().register(receiver.url(), "", "");
      both.maya.comment(key, "hello");
      await().until(both.jira::webhooksIdle);

      assertThat(receiver.eventTypes()).containsExactly("comment_created", "jira:issue_updated");
      assertThat(receiver.got().get(1).json().path("issue_event_type_name").asText())
          .isEqualTo("issue_commented");
    }
  }

  private void plan(Faults.Kind fault) {
    shop.jira.faults().next(1, fault, call -> call.method().equals("WEBHOOK"));
  }

  private void settled() {
    await().atMost(Duration.ofSeconds(10)).until(shop.jira::webhooksIdle);
  }

  @Test
  void tellsOfALinkThatIsGone() {
    String key = shop.open("Down");
    String other = shop.open("Down too");
    shop.maya.link("Duplicate", other, key);
    String id = shop.jira.issue(key).at("/fields/issuelinks/0/id").asText();
    webhooks.register(receiver.url(), "", "");
    shop.api.delete("/issueLink/" + id);
    settled();

    assertThat(receiver.eventTypes()).containsExactly("issuelink_deleted");
    assertThat(receiver.got().get(0).json().at("/issueLink/id").asText()).isEqualTo(id);
  }

  @Test
  void refusesAFilterThatMakesNoSense() {
    for (String filter : List.of("status = Open", "project = NOPE", "project =")) {
      assertThatThrownBy(() -> webhooks.register(receiver.url(), "", filter))
          .isInstanceOf(JiraException.class);
    }
  }
}
