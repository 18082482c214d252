package dev.lockstep.sandbox.servicenow;

import dev.lockstep.sandbox.Faults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Posts the business rule's messages in the background. Those of one record go out in order; each
 * is tried once, for a business rule does not repeat itself: what the target misses, only polling
 * finds.
 */
final class WebhookSender implements AutoCloseable {
  private static final int LANES = 4;
  private static final int QUEUE = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(2);

  private record Message(String sysId, String event, String body) {}

  private record Held(Message message, long since) {}

  private final Faults faults;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final List<Lane> lanes = new ArrayList<>();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong undelivered = new AtomicLong();
  private final AtomicLong pending = new AtomicLong();
  private volatile @Nullable URI target;
  private volatile String secret;
  private volatile boolean on = true;

  WebhookSender(ServiceNowOptions options) {
    this.faults = options.faults;
    this.target = options.webhookTarget;
    this.secret = options.webhookSecret;
    for (int i = 0; i < LANES; i++) {
      Lane lane = new Lane("servicenow-webhook-" + i);
      lanes.add(lane);
      lane.start();
    }
  }

  void target(@Nullable URI value) {
    target = value;
  }

  void secret(String value) {
    secret = value;
  }

  void on(boolean value) {
    on = value;
  }

  boolean sends() {
    return on && target != null;
  }

  WebhookCounts counts() {
    return new WebhookCounts(accepted.get(), refused.get(), undelivered.get(), pending.get());
  }

  void offer(String sysId, String event, String body) {
    Lane lane = lanes.get(Math.floorMod(sysId.hashCode(), LANES));
    pending.incrementAndGet();
    if (!lane.queue.offer(new Message(sysId, event, body))) {
      undelivered.incrementAndGet();
      pending.decrementAndGet();
    }
  }

  @Override
  public void close() {
    lanes.forEach(Thread::interrupt);
  }

  private void post(Message message) throws InterruptedException {
    URI to = target;
    if (to == null) {
      undelivered.incrementAndGet();
      return;
    }
    HttpRequest request =
        HttpRequest.newBuilder(to)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("X-Lockstep-Signature", "v1=" + signature(secret, message.body()))
            .POST(BodyPublishers.ofString(message.body()))
            .build();
    try {
      HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
      (response.statusCode() / 100 == 2 ? accepted : refused).incrementAndGet();
    } catch (IOException nobodyThere) {
      undelivered.incrementAndGet();
    }
  }

  static String signature(String secret, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Sends the messages of its share of the records, one after the other. */
  private final class Lane extends Thread {
    private final BlockingQueue<Message> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<String, Held> held = new HashMap<>();

    Lane(String name) {
      super(name);
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        while (!isInterrupted()) {
          // A held message must go out some time, even if its record never changes again.
          Message next = held.isEmpty() ? queue.take() : queue.poll(50, TimeUnit.MILLISECONDS);
          if (next != null) {
            deliver(next);
          }
          releaseOverdue();
        }
      } catch (InterruptedException closed) {
        interrupt();
      }
    }

    private void deliver(Message message) throws InterruptedException {
      Faults.Kind fault = faults.take(new Faults.Call("WEBHOOK", message.event())).orElse(null);
      if (fault == Faults.Kind.WEBHOOK_REORDERED && !held.containsKey(message.sysId())) {
        held.put(message.sysId(), new Held(message, System.nanoTime()));
        return;
      }
      if (fault != Faults.Kind.WEBHOOK_LOST) {
        post(message);
      }
      if (fault == Faults.Kind.WEBHOOK_TWICE) {
        post(message);
      }
      pending.decrementAndGet();
      Held earlier = held.remove(message.sysId());
      if (earlier != null) {
        post(earlier.message());
        pending.decrementAndGet();
      }
    }

    private void releaseOverdue() throws InterruptedException {
      for (Iterator<Held> waiting = held.values().iterator(); waiting.hasNext(); ) {
        Held late = waiting.next();
        if (System.nanoTime() - late.since() > HOLD_NANOS) {
          waiting.remove();
          post(late.message());
          pending.decrementAndGet();
        }
      }
    }
  }
}
