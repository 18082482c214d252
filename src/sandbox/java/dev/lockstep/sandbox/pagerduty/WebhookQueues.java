package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.pagerduty.WebhookSender.Result;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Webhooks that wait to be sent, a queue for each incident. "While attempting to retry a failing
 * webhook, subsequent webhooks for this subscription and resource ID will be queued". Thread-safe.
 */
final class WebhookQueues {

  /** One attempt to send; made again, with the same content, when it fails for now. */
  interface Attempt {
    Result make() throws InterruptedException;
  }

  /** What is told of every attempt, and in the end of every webhook. */
  interface Outcomes {
    void attempted(boolean willBeRetried);

    void delivered();

    void dropped();
  }

  /** A webhook on its way; {@code attempts} is touched only by who works on its queue. */
  private static final class Waiting {
    private final Attempt attempt;
    private int attempts;

    private Waiting(Attempt attempt) {
      this.attempt = attempt;
    }
  }

  private final List<Duration> retries;
  private final Outcomes outcomes;
  private final ScheduledThreadPoolExecutor threads;
  private final Map<String, Deque<Waiting>> queues = new HashMap<>();

  WebhookQueues(PagerDutyOptions.WebhookDelivery how, Outcomes outcomes) {
    this.retries = how.retries();
    this.outcomes = outcomes;
    this.threads =
        new ScheduledThreadPoolExecutor(
            how.threads(),
            task -> {
              Thread thread = new Thread(task, "pagerduty-webhooks");
              thread.setDaemon(true);
              return thread;
            });
  }

  synchronized void add(String resource, Attempt attempt) {
    Waiting waiting = new Waiting(attempt);
    Deque<Waiting> queue = queues.get(resource);
    if (queue == null) {
      queue = new ArrayDeque<>(2);
      queues.put(resource, queue);
      threads.execute(() -> work(resource, waiting));
    }
    queue.add(waiting);
  }

  synchronized boolean isEmpty() {
    return queues.isEmpty();
  }

  /** Forgets all that waits and says how many that were. */
  synchronized int clear() {
    int waiting = queues.values().stream().mapToInt(Deque::size).sum();
    queues.clear();
    return waiting;
  }

  /** Runs a task after a while, on the threads that send. */
  void later(Runnable task, Duration wait) {
    // What it throws is nobody's to wait for: sending tells its failures itself.
    var unused = threads.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  void close() {
    threads.shutdownNow();
  }

  /** One attempt for the first of the queue; nobody else works on that queue meanwhile. */
  private void work(String resource, Waiting first) {
    if (!isFirst(resource, first)) {
      // Cleared since; what came after has a worker of its own.
      return;
    }
    try {
      settle(resource, first, first.attempt.make());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void settle(String resource, Waiting first, Result result) {
    first.attempts++;
    boolean again = result == Result.TRY_AGAIN && first.attempts <= retries.size();
    outcomes.attempted(again);
    if (again) {
      later(() -> work(resource, first), retries.get(first.attempts - 1));
      return;
    }
    // Told before it is taken off, so that whoever sees the queues empty sees the outcome too.
    if (result == Result.DELIVERED) {
      outcomes.delivered();
    } else {
      outcomes.dropped();
    }
    next(resource, first);
  }

  private synchronized void next(String resource, Waiting done) {
    Deque<Waiting> queue = queues.get(resource);
    if (queue == null || queue.peek() != done) {
      return;
    }
    queue.remove();
    Waiting first = queue.peek();
    if (first == null) {
      queues.remove(resource);
    } else {
      threads.execute(() -> work(resource, first));
    }
  }

  private synchronized boolean isFirst(String resource, Waiting waiting) {
    Deque<Waiting> queue = queues.get(resource);
    return queue != null && queue.peek() == waiting;
  }
}
