package dev.lockstep.sandbox.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Delivers webhooks in the background: those of one queue in order, those of different queues at
 * the same time. Injects faults: a webhook may be lost, sent twice, or held back until the next one
 * of its queue was sent. Thread-safe.
 */
public final class WebhookSender implements AutoCloseable {

  /**
   * A vendor's rules for retries.
   *
   * @param block whether a retry keeps the rest of its queue waiting
   * @param retriable the statuses that are retried; no answer at all always is
   */
  public record RetryRules(boolean block, IntPredicate retriable) {}

  /** One webhook: the vendor's headers, body and signature. */
  public interface Webhook {

    /**
     * The request of one attempt, empty when there is nowhere to send it. Called again for each
     * attempt, so that a new secret signs what still waits.
     *
     * @param retry 0 for the first attempt
     */
    Optional<HttpRequest.Builder> request(int retry);
  }

  private static final int NO_ANSWER = 0;

  /** A webhook on its way. Its attempts are touched only by the thread that works on it. */
  private static final class Delivery {
    private final String queue;
    private final Webhook webhook;
    private int attempts;
    private boolean settled;

    private Delivery(String queue, Webhook webhook) {
      this.queue = queue;
      this.webhook = webhook;
    }
  }

  private final WebhookDelivery how;
  private final RetryRules rules;
  private final Faults faults;
  private final Consumer<Boolean> listener;
  private final HttpClient http;
  private final ScheduledThreadPoolExecutor threads;
  private final Map<String, Deque<Delivery>> queues = new HashMap<>();
  private final Map<String, Delivery> heldBack = new HashMap<>();
  private long delivered;
  private long attempts;
  private long retried;
  private long refused;
  private long undelivered;
  private long discarded;
  private long lost;
  private long pending;

  /**
   * @param listener receives whether a webhook was delivered or dropped, before it stops pending
   */
  public WebhookSender(
      String name,
      WebhookDelivery how,
      RetryRules rules,
      Faults faults,
      Consumer<Boolean> listener) {
    this.how = how;
    this.rules = rules;
    this.faults = faults;
    this.listener = listener;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(how.timeout())
            .build();
    this.threads =
        new ScheduledThreadPoolExecutor(
            how.threads(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes a webhook for delivery.
   *
   * @param queue webhooks of one queue keep their order
   * @param event the event type, by which faults are planned
   */
  public synchronized void offer(String queue, String event, Webhook webhook) {
    Faults.Kind fault = faults.take(new Faults.Call("WEBHOOK", event)).orElse(null);
    if (fault == Faults.Kind.WEBHOOK_LOST) {
      lost++;
      return;
    }
    Delivery delivery = new Delivery(queue, webhook);
    pending++;
    if (fault == Faults.Kind.WEBHOOK_REORDERED && !heldBack.containsKey(queue)) {
      heldBack.put(queue, delivery);
      later(() -> release(queue), how.heldBack());
      return;
    }
    enqueue(delivery);
    if (fault == Faults.Kind.WEBHOOK_TWICE) {
      pending++;
      enqueue(new Delivery(queue, webhook));
    }
    release(queue);
  }

  /** Whether nothing waits to be sent, to be sent again, or is held back. */
  public synchronized boolean idle() {
    return pending == 0;
  }

  public synchronized WebhookCounts counts() {
    return new WebhookCounts(
        delivered, attempts, retried, refused, undelivered, discarded, lost, pending);
  }

  /** Throws away everything that is pending. */
  public synchronized void discardAll() {
    queues.values().forEach(queue -> queue.forEach(this::discard));
    heldBack.values().forEach(this::discard);
    queues.clear();
    heldBack.clear();
  }

  private void discard(Delivery delivery) {
    if (!delivery.settled) {
      delivery.settled = true;
      discarded++;
      pending--;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private synchronized void release(String queue) {
    Delivery held = heldBack.remove(queue);
    if (held != null) {
      enqueue(held);
    }
  }

  private void enqueue(Delivery delivery) {
    Deque<Delivery> queue = queues.get(delivery.queue);
    if (queue == null) {
      queue = new ArrayDeque<>(2);
      queues.put(delivery.queue, queue);
      threads.execute(() -> attempt(delivery));
    }
    queue.add(delivery);
  }

  private void attempt(Delivery delivery) {
    if (isSettled(delivery)) {
      return;
    }
    try {
      settle(delivery, send(delivery));
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isSettled(Delivery delivery) {
    return delivery.settled;
  }

  private int send(Delivery delivery) throws InterruptedException {
    HttpRequest.Builder request = delivery.webhook.request(delivery.attempts).orElse(null);
    if (request == null) {
      return NO_ANSWER;
    }
    try {
      return http.send(request.timeout(how.timeout()).build(), BodyHandlers.discarding())
          .statusCode();
    } catch (IOException nobodyThere) {
      return NO_ANSWER;
    }
  }

  private void settle(Delivery delivery, int status) {
    delivery.attempts++;
    boolean success = status / 100 == 2;
    boolean retriable = status == NO_ANSWER || rules.retriable().test(status);
    boolean again = !success && retriable && delivery.attempts <= how.retries().size();
    synchronized (this) {
      attempts++;
      if (again) {
        retried++;
        later(() -> attempt(delivery), how.retries().get(delivery.attempts - 1));
        if (!rules.block()) {
          startNext(delivery);
        }
        return;
      }
      if (delivery.settled) {
        return;
      }
      delivery.settled = true;
      delivered += success ? 1 : 0;
      refused += !success && status != NO_ANSWER ? 1 : 0;
      undelivered += status == NO_ANSWER ? 1 : 0;
    }
    // Outside the lock, and before the webhook stops pending: who sees idle() sees the outcome too.
    listener.accept(success);
    synchronized (this) {
      pending--;
      startNext(delivery);
    }
  }

  private void startNext(Delivery done) {
    Deque<Delivery> queue = queues.get(done.queue);
    if (queue == null || queue.peek() != done) {
      return;
    }
    queue.remove();
    Delivery next = queue.peek();
    if (next == null) {
      queues.remove(done.queue);
    } else {
      threads.execute(() -> attempt(next));
    }
  }

  private void later(Runnable task, Duration wait) {
    // Nobody waits for the result: sending counts its failures itself.
    var unused = threads.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
  }
}
