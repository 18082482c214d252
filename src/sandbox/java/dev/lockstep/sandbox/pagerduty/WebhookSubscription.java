package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Hmac;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.WebhookCounts;
import dev.lockstep.sandbox.http.WebhookSender;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The account's one webhook subscription: sends what happens to a URL, as "Behavior" in PagerDuty's
 * webhook documentation says. Webhooks of one incident go out in order and wait for each other's
 * retries; those of different incidents go out at the same time. Delivery is at least once. After
 * three dropped in a row the subscription is off, and what waits is lost. Thread-safe.
 */
public final class WebhookSubscription {

  private static final int DROPS_THAT_DISABLE = 3;
  private static final Duration DISABLED_FOR = Duration.ofHours(24);

  private final String id;
  private final Clock clock;
  private final Ids ids = new Ids();
  private final WebhookSender sender;
  private List<String> secrets;
  private Set<String> eventTypes =
      Stream.concat(
              Stream.of("incident.incident_type.changed"), // known, but never happens here
              Stream.of(EventType.values()).flatMap(type -> type.eventType().stream()))
          .collect(Collectors.toCollection(TreeSet::new));
  private @Nullable URI target;
  private boolean on = true;
  private Instant disabledUntil = Instant.MIN;
  private int dropsInARow;
  private long whileDisabled;

  WebhookSubscription(PagerDutyOptions options) {
    this.id = ids.small();
    this.clock = options.clock;
    this.secrets = options.webhookSecrets;
    this.sender =
        new WebhookSender(
            "pagerduty-webhooks",
            options.webhookDelivery,
            // "Error Handling and Retries" in the webhook documentation.
            new WebhookSender.RetryRules(true, status -> status == 429 || status >= 500),
            options.faults,
            this::settled);
  }

  /**
   * Where webhooks go; until this is called none are sent.
   *
   * @throws IllegalArgumentException when it is no http or https address
   */
  public synchronized void target(URI url) {
    target = HttpRequest.newBuilder(url).build().uri();
  }

  /** Replaces the signing secrets; each signs what is sent from now on. */
  public synchronized void secrets(List<String> newSecrets) {
    secrets = List.copyOf(newSecrets);
  }

  /** Off: nothing new is sent, as when nobody subscribed. What waits still goes out. */
  public synchronized void on(boolean sends) {
    on = sends;
  }

  /** Leaves these event types out of the subscription; all are in it at first. */
  public synchronized void unsubscribe(String... types) {
    eventTypes.removeAll(Set.of(types));
  }

  /** As {@code GET /webhook_subscriptions} shows it; none without a target. */
  synchronized List<ObjectNode> listed() {
    if (target == null) {
      return List.of();
    }
    ObjectNode shown =
        Json.object()
            .put("id", id)
            .put("type", "webhook_subscription")
            .put("active", on)
            .put("description", "Lockstep");
    shown
        .putObject("delivery_method")
        .put("id", id)
        .put("type", "http_delivery_method")
        .put("url", target.toString())
        .put("temporarily_disabled", disabled())
        // "Only provided on the initial create response."
        .putNull("secret");
    eventTypes.forEach(shown.putArray("events")::add);
    shown.putObject("filter").put("type", "account_reference");
    return List.of(shown);
  }

  /** Sends the test event of PagerDuty's own pages, unless there is nowhere to send it. */
  public synchronized void ping() {
    if (target != null) {
      Instant at = clock.instant();
      String eventId = ids.event(at);
      sender.offer(eventId, "pagey.ping", webhook(target, () -> EventJson.ping(eventId, at)));
    }
  }

  /**
   * As {@code POST /webhook_subscriptions/{id}/ping} does: "If properly configured, this will
   * deliver"; while it is disabled or inactive the request is accepted and nothing is sent.
   *
   * @return whether there is one of this id
   */
  synchronized boolean test(String subscription) {
    if (target == null || !id.equals(subscription)) {
      return false;
    }
    if (disabled()) {
      whileDisabled++;
    } else if (on) {
      ping();
    }
    return true;
  }

  /** Nothing waits to be sent, to be sent again, or is held back. */
  public boolean idle() {
    return sender.idle();
  }

  /** Switched off after three drops in a row. */
  public synchronized boolean disabled() {
    return clock.instant().isBefore(disabledUntil);
  }

  /** Switches it on again, as the "Enable" button does. */
  public synchronized void enable() {
    disabledUntil = Instant.MIN;
    dropsInARow = 0;
  }

  /** As {@code POST /webhook_subscriptions/{id}/enable} does; empty if there is none of this id. */
  synchronized Optional<ObjectNode> enable(String subscription) {
    if (target == null || !id.equals(subscription)) {
      return Optional.empty();
    }
    enable();
    return Optional.of(listed().get(0));
  }

  public WebhookCounts counts() {
    return sender.counts();
  }

  /** Webhooks never sent because the subscription was disabled. */
  public synchronized long whileDisabled() {
    return whileDisabled;
  }

  void close() {
    sender.close();
  }

  /** Called for every event in order. */
  synchronized void announce(IncidentEvent event) {
    String eventType = event.what().eventType().orElse(null);
    if (eventType == null || target == null || !on || !eventTypes.contains(eventType)) {
      return;
    }
    if (disabled()) {
      whileDisabled++;
      return;
    }
    String eventId = ids.event(event.at());
    sender.offer(
        event.incident().id(),
        eventType,
        webhook(target, () -> EventJson.event(eventId, eventType, event)));
  }

  private synchronized void settled(boolean delivered) {
    dropsInARow = delivered ? 0 : dropsInARow + 1;
    if (dropsInARow >= DROPS_THAT_DISABLE && !disabled()) {
      disabledUntil = clock.instant().plus(DISABLED_FOR);
      sender.discardAll();
    }
  }

  /** The same {@code X-Webhook-Id} and body for each attempt, signed with the present secrets. */
  private WebhookSender.Webhook webhook(URI to, Supplier<ObjectNode> json) {
    String webhookId = UUID.randomUUID().toString();
    return retry -> {
      byte[] body = json.get().toString().getBytes(StandardCharsets.UTF_8);
      return Optional.of(
          HttpRequest.newBuilder(to)
              .header("Content-Type", "application/json")
              .header("Accept", "application/json")
              .header("User-Agent", "PagerDuty-Webhook/V3.0")
              .header("X-Webhook-Id", webhookId)
              .header("X-Webhook-Subscription", id)
              .header("X-PagerDuty-Signature", signatures(currentSecrets(), body))
              .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    };
  }

  private synchronized List<String> currentSecrets() {
    return secrets;
  }

  /** "This is performed for each signing secret and the results are concatenated using comma". */
  static String signatures(List<String> secrets, byte[] body) {
    return secrets.stream()
        .map(secret -> "v1=" + Hmac.sha256(secret, body))
        .collect(Collectors.joining(","));
  }
}
