package dev.lockstep.intake;

import dev.lockstep.inbox.WebhookReceipts;
import dev.lockstep.inbox.WebhookReceipts.Kind;
import dev.lockstep.inbox.WebhookReceipts.Receipt;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * When webhooks were last received: in this process per system and record kind, and in the table of
 * {@link WebhookReceipts} for all processes. The table is written to in the background, once a
 * second at most: receiving never waits for it, and refused requests, which anybody can send, cause
 * no load. Thread-safe.
 */
@Component
public final class ReceivedWebhooks {
  private static final Logger log = LoggerFactory.getLogger(ReceivedWebhooks.class);
  private static final long SAVED_EVERY_SECONDS = 1;

  private final Clock clock;
  private final Duration recent;
  private final WebhookReceipts receipts;
  private final Map<String, Instant> last = new ConcurrentHashMap<>();

  /** By system and kind; guarded by itself. */
  private final Map<String, Receipt> unsaved = new LinkedHashMap<>();

  private final ScheduledExecutorService saver =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "webhook-receipts");
            thread.setDaemon(true);
            return thread;
          });

  ReceivedWebhooks(Clock clock, WebhookSettings settings, WebhookReceipts receipts) {
    this.clock = clock;
    this.recent = settings.recent();
    this.receipts = receipts;
    saver.scheduleWithFixedDelay(
        this::save, SAVED_EVERY_SECONDS, SAVED_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  void recordReceived(String system, String kind) {
    last.put(system + "/" + kind, clock.instant());
  }

  /** A webhook's signature was right, whatever became of it then. */
  void recordVerified(String system) {
    add(new Receipt(system, Kind.VERIFIED, clock.instant(), "", null, ""));
  }

  /** The sender receives an error. */
  void recordRefused(String system, WebhookOutcome outcome) {
    add(new Receipt(system, Kind.REFUSED, clock.instant(), outcome.label(), null, ""));
  }

  void recordTest(ParsedWebhook.TestReceived test) {
    add(
        new Receipt(
            test.system(),
            Kind.TEST,
            test.receivedAt(),
            test.deliveryId(),
            test.occurredAt(),
            test.sender()));
  }

  private void add(Receipt receipt) {
    synchronized (unsaved) {
      unsaved.put(key(receipt), receipt);
    }
  }

  private static String key(Receipt receipt) {
    return receipt.system() + " " + receipt.kind();
  }

  private void save() {
    List<Receipt> due;
    synchronized (unsaved) {
      due = List.copyOf(unsaved.values());
      unsaved.clear();
    }
    for (Receipt receipt : due) {
      try {
        receipts.save(receipt);
      } catch (RuntimeException databaseAway) {
        log.debug("A receipt of {} is saved later", receipt.system(), databaseAway);
        synchronized (unsaved) {
          unsaved.putIfAbsent(key(receipt), receipt);
        }
      }
    }
  }

  @EventListener(ContextClosedEvent.class)
  public void close() {
    saver.shutdown();
    try {
      if (!saver.awaitTermination(SAVED_EVERY_SECONDS, TimeUnit.SECONDS)) {
        log.debug("The last receipts are still being saved");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    save();
  }

  /**
   * Whether one arrived within {@code lockstep.webhooks.recent}, so that webhooks evidently work.
   */
  public boolean areRecent(String system, String kind) {
    Instant at = last.get(system + "/" + kind);
    return at != null && at.plus(recent).isAfter(clock.instant());
  }
}
