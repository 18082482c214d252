package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.WebhookDelivery;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import dev.lockstep.sandbox.slack.SlackChannel;
import dev.lockstep.sandbox.slack.SlackDocument;
import dev.lockstep.sandbox.slack.SlackMessage;
import dev.lockstep.sandbox.slack.SlackOptions;
import dev.lockstep.sandbox.slack.SlackPerson;
import dev.lockstep.sandbox.slack.SlackSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;

/** A ServiceNow instance and a Slack workspace with the same people, and Lockstep between them. */
final class SlackRig implements AutoCloseable {
  static final String SIGNING_SECRET = "sandbox-signing-secret";
  private static final String NEVER = "1h";

  final ServiceNowSimulator serviceNow;
  final SlackSimulator slack;
  final LockstepInstance lockstep;
  final SlackPerson ann;
  final SlackPerson ben;
  final String annThere;
  final String benThere;

  /** What was asked otherwise than Slack's Web API description says. */
  private final List<String> undocumented = new CopyOnWriteArrayList<>();

  private SlackRig(
      String name,
      Map<String, String> settings,
      BiFunction<String, Map<String, String>, LockstepInstance> instance) {
    serviceNow =
        ServiceNowSimulator.start(new ServiceNowOptions().lateAnswer(Duration.ofMillis(3500)));
    slack =
        SlackSimulator.start(
            SlackOptions.defaults()
                .signingSecret(SIGNING_SECRET)
                .lateness(Duration.ofMillis(3500))
                .eventDelivery(WebhookDelivery.of(Duration.ofSeconds(3), 4, 0, 300, 1000)));
    annThere = serviceNow.seedUser("ann", "Ann Example", "ann@example.com");
    benThere = serviceNow.seedUser("ben", "Ben Example", "ben@example.com");
    ann = slack.person("ann", "Ann Example", "ann@example.com");
    ben = slack.person("ben", "Ben Example", "ben@example.com");
    SlackDocument.find()
        .ifPresent(
            document -> slack.onRequest(call -> undocumented.addAll(document.problems(call))));
    lockstep = instance.apply(name, LockstepInstance.with(usual(name), settings));
    serviceNow.webhookTarget(webhook("servicenow"));
    serviceNow.webhooksOn(true);
    slack.events().target(webhook("slack"));
    slack.commands().target(webhook("slack"));
  }

  static SlackRig started(String name, Map<String, String> settings) {
    return started(new SlackRig(name, settings, LockstepInstance::here));
  }

  /** Lockstep runs in a process that can be killed. */
  static SlackRig startedToKill(String name) {
    return started(new SlackRig(name, Map.of(), LockstepInstance::apart));
  }

  private static SlackRig started(SlackRig rig) {
    try {
      rig.lockstep.start();
      return rig;
    } catch (RuntimeException | Error e) {
      rig.close();
      throw e;
    }
  }

  private Map<String, String> usual(String name) {
    Map<String, String> settings = new HashMap<>();
    settings.put("LOCKSTEP_MAPPINGS", "incident.slack");
    settings.put("lockstep.mappings-dir", hasty(name).toString());
    settings.put("LOCKSTEP_DUPLICATES_MODE", "off");
    settings.put("LOCKSTEP_INBOX_RETRY_INITIAL_DELAY", "100ms");
    settings.put("LOCKSTEP_INBOX_RETRY_MAX_DELAY", "1s");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "lockstep");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "servicenow-webhook-secret");
    settings.put("SERVICENOW_READ_TIMEOUT", "2s");
    settings.put("SERVICENOW_RETRY_MAX_DELAY", "1s");
    settings.put("SERVICENOW_POLL_INTERVAL", NEVER);
    settings.put("SLACK_URL", slack.url());
    settings.put("SLACK_WORKSPACE_URL", SlackSimulator.WORKSPACE_URL);
    settings.put("SLACK_ANSWERS_URL", slack.commands().answersUrl());
    settings.put("SLACK_TOKEN", "xoxb-sandbox-token");
    settings.put("SLACK_SIGNING_SECRET", SIGNING_SECRET);
    settings.put("SLACK_READ_TIMEOUT", "2s");
    settings.put("SLACK_RETRY_MAX_DELAY", "1s");
    settings.put("SLACK_POLL_INTERVAL", NEVER);
    settings.put("SLACK_CALLS_PER_MINUTE", "60000");
    settings.put("SLACK_CLAIMED_WITHIN", "1s");
    settings.put("SLACK_LOCKED_OUT_WAIT", "3s");
    return settings;
  }

  /**
   * The mapping as it ships for use without others, except that a channel is archived after a
   * moment and not a day.
   */
  private static Path hasty(String name) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "e2e-mappings", name));
      Path shipped = Path.of("mappings");
      Files.writeString(
          folder.resolve("incident.slack.yaml"),
          Files.readString(shipped.resolve("incident.slack.yaml"))
              .replace("24h", "1s")
              .replaceAll("(?m)^#(incident:| {2,}\\S)", "$1"));
      Files.writeString(
          folder.resolve("mapping.schema.json"),
          Files.readString(shipped.resolve("mapping.schema.json")));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI webhook(String system) {
    return URI.create("http://127.0.0.1:" + lockstep.port() + "/webhooks/" + system);
  }

  /** Opens a ticket of priority 1. */
  String ticket(String title, Map<String, String> more) {
    Map<String, String> fields =
        new HashMap<>(
            Map.of("short_description", title, "state", "1", "impact", "1", "urgency", "1"));
    fields.putAll(more);
    return serviceNow.as("agent").create("incident", fields);
  }

  String number(String ticket) {
    return serviceNow.value(ticket, "number");
  }

  /** The channel that was opened for a ticket; there is never more than one. */
  SlackChannel channelOf(String ticket) {
    List<SlackChannel> found = channelsOf(ticket);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " channels for " + number(ticket));
    }
    return found.get(0);
  }

  List<SlackChannel> channelsOf(String ticket) {
    return slack.channels().stream()
        .filter(channel -> channel.purpose().contains("lockstep:servicenow/incident/" + ticket))
        .toList();
  }

  /** Opens a ticket and waits until its channel is there and nothing is under way. */
  SlackChannel opened(String ticket) {
    eventually(() -> channelOf(ticket));
    awaitQuiet();
    return channelOf(ticket);
  }

  /** What Lockstep wrote in a channel, as it is stored there. */
  List<String> posted(String channel) {
    return slack.posted(channel).stream().map(SlackMessage::text).toList();
  }

  List<String> workNotes(String ticket) {
    return serviceNow.journal(ticket).stream().map(JournalEntry::value).toList();
  }

  List<String> gaps(String ticket) {
    return lockstep.api("GET", "/pairs/" + number(ticket)).findValuesAsText("gap").stream()
        .filter(gap -> !gap.isEmpty() && !gap.equals("null"))
        .toList();
  }

  int deadLetters() {
    return lockstep.api("GET", "/dead-letters").path("deadLetters").size();
  }

  void eventually(ThrowingRunnable met) {
    eventually(Duration.ofSeconds(45), met);
  }

  void eventually(Duration within, ThrowingRunnable met) {
    try {
      Awaitility.await().atMost(within).pollInterval(Duration.ofMillis(50)).untilAsserted(met);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\nLockstep's log:\n" + lockstep.lastWords(), e);
    }
  }

  /** Nothing is under way, for longer than Lockstep's metrics are remembered. */
  void awaitQuiet() {
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(45))
          .during(Duration.ofMillis(1100))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> serviceNow.webhooksIdle() && slack.events().idle() && lockstep.isIdle());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("never quiet\nLockstep's log:\n" + lockstep.lastWords(), e);
    }
  }

  @Override
  public void close() {
    try {
      lockstep.close();
      assertThat(undocumented).isEmpty();
    } finally {
      slack.close();
      serviceNow.close();
    }
  }
}
