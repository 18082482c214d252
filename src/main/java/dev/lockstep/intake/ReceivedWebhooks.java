package dev.lockstep.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** When this process last received a verified webhook, per system and record kind. Thread-safe. */
@Component
public final class ReceivedWebhooks {
  private final Clock clock;
  private final Duration recent;
  private final Map<String, Instant> last = new ConcurrentHashMap<>();

  ReceivedWebhooks(Clock clock, WebhookSettings settings) {
    this.clock = clock;
    this.recent = settings.recent();
  }

  void recordReceived(String system, String kind) {
    last.put(system + "/" + kind, clock.instant());
  }

  /**
   * Whether one arrived within {@code lockstep.webhooks.recent}, so that webhooks evidently work.
   */
  public boolean areRecent(String system, String kind) {
    Instant at = last.get(system + "/" + kind);
    return at != null && at.plus(recent).isAfter(clock.instant());
  }
}
