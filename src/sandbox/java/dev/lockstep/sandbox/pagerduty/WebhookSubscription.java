package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.Faults;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The account's one webhook subscription: sends what happens to a URL, as "Behavior" in PagerDuty's
 * webhook documentation says. Webhooks of one incident go out in order and wait for each other's
 * retries; those of different incidents go out at the same time. Delivery is at least once. After
 * three dropped in a row the subscription is off, and what waits is lost. Thread-safe.
 */
public final class WebhookSubscription {

  private static final int DROPS_THAT_DISABLE = 3;

  /**
   * How many webhooks came to what end.
   *
   * @param delivered answered 2xx
   * @param attempts all requests made
   * @param retried attempts that were or will be repeated
   * @param dropped given up, or thrown away when the subscription was disabled
   * @param lost never sent because a fault said so
   * @param whileDisabled never sent because the subscription was disabled
   */
  public record Tally(
      long delivered, long attempts, long retried, long dropped, long lost, long whileDisabled) {}

  private final String id;
  private final Clock clock;
  private final Faults faults;
  private final Ids ids = new Ids();
  private final PagerDutyOptions.WebhookDelivery how;
  private final WebhookSender sender;
  private final WebhookQueues queues;

  private final Map<String, WebhookQueues.Attempt> heldBack = new HashMap<>();
  private List<String> secrets;
  private @Nullable URI target;
  private boolean on = true;
  private Instant disabledUntil = Instant.MIN;
  private int dropsInARow;
  private long delivered;
  private long attempts;
  private long retried;
  private long dropped;
  private long lost;
  private long whileDisabled;

  WebhookSubscription(PagerDutyOptions options) {
    this.id = ids.small();
    this.clock = options.clock();
    this.faults = options.faults();
    this.how = options.webhookDelivery();
    this.secrets = options.webhookSecrets();
    this.sender = new WebhookSender(how.timeout());
    this.queues = new WebhookQueues(how, new Bookkeeping());
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

  /** Sends the test event of PagerDuty's own pages, unless there is nowhere to send it. */
  public synchronized void ping() {
    if (target != null) {
      Instant at = clock.instant();
      String eventId = ids.event(at);
      queues.add(eventId, attempt(target, () -> EventJson.ping(eventId, at)));
    }
  }

  /** Nothing waits to be sent, to be sent again, or is held back. */
  public synchronized boolean idle() {
    return queues.isEmpty() && heldBack.isEmpty();
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

  /** The counts so far. */
  public synchronized Tally tally() {
    return new Tally(delivered, attempts, retried, dropped, lost, whileDisabled);
  }

  void close() {
    queues.close();
  }

  /** Called for every change in order. */
  synchronized void announce(IncidentEvent change) {
    String eventType = change.what().eventType().orElse(null);
    if (eventType == null || target == null || !on) {
      return;
    }
    if (disabled()) {
      whileDisabled++;
      return;
    }
    String eventId = ids.event(change.at());
    WebhookQueues.Attempt attempt =
        attempt(target, () -> EventJson.event(eventId, eventType, change));
    String incident = change.incident().id();
    Faults.Kind fault = faults.take(new Faults.Call("WEBHOOK", eventType)).orElse(null);
    if (fault == Faults.Kind.WEBHOOK_LOST) {
      lost++;
    } else if (fault == Faults.Kind.WEBHOOK_REORDERED && !heldBack.containsKey(incident)) {
      heldBack.put(incident, attempt);
      queues.later(() -> release(incident), how.heldBack());
    } else {
      queues.add(incident, attempt);
      if (fault == Faults.Kind.WEBHOOK_TWICE) {
        queues.add(incident, attempt);
      }
      release(incident);
    }
  }

  private synchronized void release(String incident) {
    WebhookQueues.Attempt held = heldBack.remove(incident);
    if (held != null) {
      queues.add(incident, held);
    }
  }

  /** The same {@code X-Webhook-Id} and body each time it is made, signed with today's secrets. */
  private WebhookQueues.Attempt attempt(URI to, Supplier<ObjectNode> json) {
    String webhookId = UUID.randomUUID().toString();
    return () -> {
      byte[] body = json.get().toString().getBytes(StandardCharsets.UTF_8);
      return sender.send(to, webhookId, id, signers(), body);
    };
  }

  private synchronized List<String> signers() {
    return secrets;
  }

  /** Counts outcomes, and draws the line after too many drops. */
  private final class Bookkeeping implements WebhookQueues.Outcomes {

    @Override
    public void attempted(boolean willBeRetried) {
      synchronized (WebhookSubscription.this) {
        attempts++;
        retried += willBeRetried ? 1 : 0;
      }
    }

    @Override
    public void delivered() {
      synchronized (WebhookSubscription.this) {
        delivered++;
        dropsInARow = 0;
      }
    }

    @Override
    public void dropped() {
      synchronized (WebhookSubscription.this) {
        dropped++;
        dropsInARow++;
        if (dropsInARow >= DROPS_THAT_DISABLE && !disabled()) {
          disabledUntil = clock.instant().plus(how.disabledFor());
          // The one that was just given up still stands in its queue, but is counted already.
          dropped += Math.max(0, queues.clear() - 1) + heldBack.size();
          heldBack.clear();
        }
      }
    }
  }
}
