package dev.lockstep.sandbox.jira;

import dev.lockstep.sandbox.Faults;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * The webhooks an administrator registered. Those of one issue go out in order, but none waits for
 * another one's retries, so a receiver that fails gets them out of order. Delivery is at least once
 * until the last retry; what then fails is gone. Thread-safe.
 */
public final class Webhooks {

  /** Events whose webhooks a JQL filter concerns; the rest are sent whatever it says. */
  private static final Set<String> FILTERED = Set.of("jira", "comment", "issue");

  /**
   * How many webhooks came to what end.
   *
   * @param delivered answered 2xx
   * @param attempts all requests made
   * @param retried attempts that were or will be repeated
   * @param dropped given up
   * @param lost never sent because a fault said so
   */
  public record Tally(long delivered, long attempts, long retried, long dropped, long lost) {}

  private record Hook(int id, URI target, String jql, Set<String> events) {}

  private record Delivery(Hook hook, String identifier, byte[] body) {}

  private final Consumer<String> filterCheck;
  private final Faults faults;
  private final JiraOptions.WebhookDelivery how;
  private final WebhookSender sender;
  private final ScheduledThreadPoolExecutor threads;
  private final List<Hook> hooks = new ArrayList<>();
  private final Map<Integer, String> secrets = new HashMap<>();
  private final Map<String, Deque<Delivery>> queues = new HashMap<>();
  private final Map<String, Delivery> heldBack = new HashMap<>();
  private boolean on = true;
  private int nextId = 1;
  private long pending;
  private long delivered;
  private long attempts;
  private long retried;
  private long dropped;
  private long lost;

  /**
   * @param filterCheck refuses a filter that makes no sense
   */
  Webhooks(JiraOptions options, Consumer<String> filterCheck) {
    this.filterCheck = filterCheck;
    this.faults = options.faults;
    this.how = options.webhookDelivery;
    this.sender = new WebhookSender(how.timeout());
    this.threads =
        new ScheduledThreadPoolExecutor(
            how.threads(),
            task -> {
              Thread thread = new Thread(task, "jira-webhooks");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Registers a webhook for all events; returns its id.
   *
   * @param secret signs every webhook; empty for none
   * @param jql only issues it matches are told of; empty for all
   */
  public int register(URI url, String secret, String jql) {
    return register(url, secret, jql, Set.of());
  }

  /**
   * As {@link #register(URI, String, String)}, for some events only.
   *
   * @param events such as {@code jira:issue_updated}; empty for all
   */
  public synchronized int register(URI url, String secret, String jql, Set<String> events) {
    // Refuses here what is no http or https address.
    URI target = HttpRequest.newBuilder(url).build().uri();
    filterCheck.accept(jql);
    Hook hook = new Hook(nextId++, target, jql, Set.copyOf(events));
    hooks.add(hook);
    secrets.put(hook.id(), secret);
    return hook.id();
  }

  public synchronized void unregister(int id) {
    hooks.removeIf(hook -> hook.id() == id);
  }

  /** Signs what is sent from now on, retries too. */
  public synchronized void secret(int id, String secret) {
    secrets.put(id, secret);
  }

  /** Off: changes send nothing, ever. What waits still goes out. */
  public synchronized void on(boolean sends) {
    on = sends;
  }

  /** Nothing waits to be sent, to be sent again, or is held back. */
  public synchronized boolean idle() {
    return pending == 0;
  }

  public synchronized Tally tally() {
    return new Tally(delivered, attempts, retried, dropped, lost);
  }

  void close() {
    threads.shutdownNow();
  }

  /**
   * Called for every change in order, while the issue is as the change left it.
   *
   * @param body never changed afterwards
   * @param matches whether a filter lets the issue through
   */
  synchronized void announce(
      String event, String issue, byte[] body, BiPredicate<String, String> matches) {
    if (!on) {
      return;
    }
    boolean filtered = FILTERED.contains(event.split("[:_]", 2)[0]);
    for (Hook hook : List.copyOf(hooks)) {
      boolean wanted = hook.events().isEmpty() || hook.events().contains(event);
      if (wanted && (!filtered || matches.test(hook.jql(), issue))) {
        offer(event, issue, new Delivery(hook, UUID.randomUUID().toString(), body));
      }
    }
  }

  static byte[] bytes(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private void offer(String event, String issue, Delivery delivery) {
    Faults.Kind fault = faults.take(new Faults.Call("WEBHOOK", event)).orElse(null);
    String queue = delivery.hook().id() + " " + issue;
    if (fault == Faults.Kind.WEBHOOK_LOST) {
      lost++;
      return;
    }
    pending++;
    if (fault == Faults.Kind.WEBHOOK_REORDERED && !heldBack.containsKey(queue)) {
      heldBack.put(queue, delivery);
      later(() -> release(queue), how.heldBack().toMillis());
      return;
    }
    enqueue(queue, delivery);
    if (fault == Faults.Kind.WEBHOOK_TWICE) {
      pending++;
      enqueue(queue, delivery);
    }
    release(queue);
  }

  private synchronized void release(String queue) {
    Delivery held = heldBack.remove(queue);
    if (held != null) {
      enqueue(queue, held);
    }
  }

  private void enqueue(String queue, Delivery delivery) {
    Deque<Delivery> waiting = queues.get(queue);
    if (waiting == null) {
      waiting = new ArrayDeque<>(2);
      queues.put(queue, waiting);
      threads.execute(() -> work(queue));
    }
    waiting.add(delivery);
  }

  /** One first attempt; then the next one's, by a task of its own. */
  private void work(String queue) {
    Delivery first;
    synchronized (this) {
      first = queues.getOrDefault(queue, new ArrayDeque<>()).peek();
    }
    if (first == null) {
      return;
    }
    attempt(first, 0);
    synchronized (this) {
      Deque<Delivery> waiting = queues.getOrDefault(queue, new ArrayDeque<>());
      waiting.poll();
      if (waiting.isEmpty()) {
        queues.remove(queue);
      } else {
        threads.execute(() -> work(queue));
      }
    }
  }

  private void attempt(Delivery delivery, int retry) {
    try {
      WebhookSender.Result result =
          sender.send(
              delivery.hook().target(),
              delivery.identifier(),
              retry,
              secretOf(delivery.hook()),
              delivery.body());
      settle(delivery, retry, result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized String secretOf(Hook hook) {
    return secrets.getOrDefault(hook.id(), "");
  }

  private synchronized void settle(Delivery delivery, int retry, WebhookSender.Result result) {
    attempts++;
    if (result == WebhookSender.Result.TRY_AGAIN && retry < how.retries().size()) {
      retried++;
      later(() -> attempt(delivery, retry + 1), how.retries().get(retry).toMillis());
      return;
    }
    pending--;
    if (result == WebhookSender.Result.DELIVERED) {
      delivered++;
    } else {
      dropped++;
    }
  }

  private void later(Runnable task, long millis) {
    // What it throws is nobody's to wait for: sending tells its failures itself.
    var unused = threads.schedule(task, millis, TimeUnit.MILLISECONDS);
  }
}
