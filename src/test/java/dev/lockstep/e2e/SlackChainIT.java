package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.Faults.Kind;
import dev.lockstep.sandbox.pagerduty.IncidentStatus;
import dev.lockstep.sandbox.slack.SlackCommand;
import dev.lockstep.sandbox.slack.SlackMessage;
import dev.lockstep.sandbox.slack.SlackOptions;
import dev.lockstep.sandbox.slack.SlackPerson;
import dev.lockstep.sandbox.slack.SlackSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A ticket with an incident and a channel: what is asked for in the channel reaches both. */
class SlackChainIT {
  private static final Duration LATER = Duration.ofSeconds(60);

  private static Map<String, String> settings(SlackSimulator slack) {
    Map<String, String> settings = new HashMap<>();
    settings.put("LOCKSTEP_MAPPINGS", "incident,incident.slack,action-item");
    settings.put("SLACK_URL", slack.url());
    settings.put("SLACK_ANSWERS_URL", slack.commands().answersUrl());
    settings.put("SLACK_WORKSPACE_URL", SlackSimulator.WORKSPACE_URL);
    settings.put("SLACK_TOKEN", "xoxb-sandbox-token");
    settings.put("SLACK_SIGNING_SECRET", SlackRig.SIGNING_SECRET);
    settings.put("SLACK_CALLS_PER_MINUTE", "60000");
    settings.put("SLACK_CLAIMED_WITHIN", "1s");
    settings.put("SLACK_POLL_INTERVAL", "1h");
    return settings;
  }

  private static List<String> pinned(SlackSimulator slack, String channel) {
    return slack.pinned(channel).stream().map(SlackMessage::text).toList();
  }

  @Test
  void linksNotesAndResolutionsReachAllRecords() {
    SlackSimulator slack =
        SlackSimulator.start(SlackOptions.defaults().signingSecret(SlackRig.SIGNING_SECRET));
    try (slack;
        Rig rig = Rig.started("slack-chain", settings(slack))) {
      URI webhook = URI.create("http://127.0.0.1:" + rig.lockstep.port() + "/webhooks/slack");
      slack.events().target(webhook);
      slack.commands().target(webhook);
      SlackPerson ann = slack.person("ann", "Ann Example", "ann@example.com");
      rig.lockstep.post(
          "/users",
          Map.of(
              "name", "ann@example.com", "role", "operator", "password", "a long enough password"));

      rig.pagerDuty
          .faults()
          .next(
              8,
              Kind.SERVICE_UNAVAILABLE,
              call -> call.method().equals("POST") && call.path().endsWith("/incidents"));
      String ticket =
          rig.serviceNow
              .as("ann")
              .create(
                  "incident",
                  Map.of("short_description", "Mail is down", "impact", "1", "urgency", "1"));
      rig.await("the link to the ticket is pinned", () -> pins(slack) == 1);
      rig.await("the link to the incident, linked later, too", LATER, () -> pins(slack) == 2);
      String channel = slack.channels().get(0).id();
      String number = rig.serviceNow.value(ticket, "number");
      assertThat(pinned(slack, channel))
          .anyMatch(text -> text.contains("Kept in sync with ServiceNow " + number))
          .anyMatch(text -> text.contains("Kept in sync with PagerDuty #"));

      SlackCommand links = slack.commands().slash(ann, channel, "link");
      rig.await("the links are answered", () -> links.text().isPresent());
      assertThat(links.text().orElseThrow()).contains("PagerDuty #", "ServiceNow ", "Slack #inc-");

      SlackCommand resolve = slack.commands().slash(ann, channel, "resolve It was the cache");
      rig.await("it is resolved", () -> resolve.text().isPresent());
      assertThat(resolve.text().orElseThrow()).isEqualTo(number + " is resolved.");
      rig.await(
          "the platform follows",
          () ->
              rig.pagerDuty.incidents().stream()
                  .allMatch(incident -> incident.status() == IncidentStatus.RESOLVED));
      assertThat(rig.serviceNow.value(ticket, "close_notes")).isNotEmpty();
      rig.await(
          "the note is everywhere",
          () ->
              slack.posted(channel).stream().anyMatch(m -> m.text().contains("It was the cache"))
                  && rig.serviceNow.journal(ticket).stream()
                      .anyMatch(entry -> entry.value().contains("It was the cache")));
      assertThat(slack.pinned(channel)).hasSize(2);
      assertThat(slack.notified()).isEmpty();
    }
  }

  private static int pins(SlackSimulator slack) {
    return slack.channels().stream().mapToInt(one -> slack.pinned(one.id()).size()).sum();
  }
}
