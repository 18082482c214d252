package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.Faults;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

  /** How many webhooks came to what end. */
  public record Tally(
      long delivered, long attempts, long retried, long dropped, long lost, long whileDisabled) {}

  /** One webhook on its way; {@code attempts} is guarded by the subscription's lock. */
  private static final class Delivery {
    private final String webhookId;
    private final Supplier<ObjectNode> body;
    private int attempts;

    private Delivery(String webhookId, Supplier<ObjectNode> body) {
      this.webhookId = webhookId;
      this.body = body;
    }
  }

  private final String id;
  private final Clock clock;
  private final Faults faults;
  private final Ids ids = new Ids();
  private final Options.WebhookDelivery how;
  private final WebhookSender sender;
  private final ScheduledThreadPoolExecutor threads;

  private final Map<String, Deque<Delivery>> queues = new HashMap<>();
  private final Map<String, Delivery> heldBack = new HashMap<>();
  private List<String> secrets;
  private @Nullable URI target;
  private boolean on = true;
  private Instant disabledUntil = Instant.MIN;
  private int dropsInARow;
  private Tally tally = new Tally(0, 0, 0, 0, 0, 0);

  WebhookSubscription(Options options) {
    this.id = ids.small();
    this.clock = options.clock();
    this.faults = options.faults();
    this.how = options.webhookDelivery();
    this.secrets = options.webhookSecrets();
    this.sender = new WebhookSender(how.timeout());
    this.threads =
        new ScheduledThreadPoolExecutor(
            how.threads(),
            task -> {
              Thread thread = new Thread(task, "pagerduty-webhooks");
              thread.setDaemon(true);
              return thread;
            });
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

  /** Sends the test event of PagerDuty's own pages. */
  public synchronized void ping() {
    String eventId = ids.event(clock.instant());
    enqueue(
        eventId, new Delivery(newWebhookId(), () -> WebhookJson.ping(eventId, clock.instant())));
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

  public synchronized Tally tally() {
    return tally;
  }

  void close() {
    threads.shutdownNow();
  }

  /** Called for every change in order. */
  synchronized void announce(Change change) {
    String eventType = change.what().eventType().orElse(null);
    if (eventType == null || target == null || !on) {
      return;
    }
    if (disabled()) {
      count(0, 0, 0, 0, 0, 1);
      return;
    }
    String eventId = ids.event(change.at());
    Delivery delivery =
        new Delivery(newWebhookId(), () -> WebhookJson.event(eventId, eventType, change));
    String incident = change.incident().id();
    Faults.Kind fault = faults.take(new Faults.Call("WEBHOOK", eventType)).orElse(null);
    if (fault == Faults.Kind.WEBHOOK_LOST) {
      count(0, 0, 0, 0, 1, 0);
    } else if (fault == Faults.Kind.WEBHOOK_REORDERED && !heldBack.containsKey(incident)) {
      holdBack(incident, delivery);
      return;
    } else {
      enqueue(incident, delivery);
      if (fault == Faults.Kind.WEBHOOK_TWICE) {
        enqueue(incident, new Delivery(delivery.webhookId, delivery.body));
      }
    }
    release(incident);
  }

  private void holdBack(String incident, Delivery delivery) {
    heldBack.put(incident, delivery);
    later(() -> release(incident), how.heldBack());
  }

  private synchronized void release(String incident) {
    Delivery held = heldBack.remove(incident);
    if (held != null) {
      enqueue(incident, held);
    }
  }

  private void enqueue(String resource, Delivery delivery) {
    Deque<Delivery> queue = queues.get(resource);
    if (queue == null) {
      queue = new ArrayDeque<>(2);
      queues.put(resource, queue);
      threads.execute(() -> attempt(resource));
    }
    queue.add(delivery);
  }

  /** One attempt for the first of the queue; nobody else works on that queue meanwhile. */
  private void attempt(String resource) {
    Delivery delivery;
    URI to;
    List<String> signers;
    synchronized (this) {
      Deque<Delivery> queue = queues.get(resource);
      delivery = queue == null ? null : queue.peek();
      to = target;
      signers = secrets;
    }
    if (delivery == null || to == null) {
      return;
    }
    byte[] body = delivery.body.get().toString().getBytes(StandardCharsets.UTF_8);
    try {
      settle(resource, delivery, sender.send(to, delivery.webhookId, id, signers, body));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void settle(
      String resource, Delivery delivery, WebhookSender.Result result) {
    count(0, 1, 0, 0, 0, 0);
    Deque<Delivery> queue = queues.get(resource);
    if (queue == null || queue.peek() != delivery) {
      // The subscription was disabled meanwhile and its queue thrown away.
      return;
    }
    delivery.attempts++;
    if (result == WebhookSender.Result.TRY_AGAIN && delivery.attempts <= how.retries().size()) {
      Duration wait = how.retries().get(delivery.attempts - 1);
      count(0, 0, 1, 0, 0, 0);
      later(() -> attempt(resource), wait);
      return;
    }
    queue.remove();
    if (queue.isEmpty()) {
      queues.remove(resource);
    } else {
      threads.execute(() -> attempt(resource));
    }
    if (result == WebhookSender.Result.DELIVERED) {
      dropsInARow = 0;
      count(1, 0, 0, 0, 0, 0);
    } else {
      dropped();
    }
  }

  private void later(Runnable task, Duration wait) {
    // What it throws is nobody's to wait for: sending tells its failures itself.
    var unused = threads.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void dropped() {
    count(0, 0, 0, 1, 0, 0);
    dropsInARow++;
    if (dropsInARow >= DROPS_THAT_DISABLE) {
      disabledUntil = clock.instant().plus(how.disabledFor());
      int waiting = queues.values().stream().mapToInt(Deque::size).sum() + heldBack.size();
      count(0, 0, 0, waiting, 0, 0);
      queues.clear();
      heldBack.clear();
    }
  }

  private void count(
      long delivered, long attempts, long retried, long dropped, long lost, long whileDisabled) {
    tally =
        new Tally(
            tally.delivered + delivered,
            tally.attempts + attempts,
            tally.retried + retried,
            tally.dropped + dropped,
            tally.lost + lost,
            tally.whileDisabled + whileDisabled);
  }

  private static String newWebhookId() {
    return UUID.randomUUID().toString();
  }
}
