package dev.lockstep.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each system last sent a verified webhook about each kind of record, as far as this process
 * received it. Thread-safe.
 */
public final class ReceivedWebhooks {
  private final Clock clock;
  private final Duration recent;
  private final Map<String, Instant> last = new ConcurrentHashMap<>();

  ReceivedWebhooks(Clock clock, Duration recent) {
    this.clock = clock;
    this.recent = recent;
  }

  void recordReceived(String system, String kind) {
    last.put(system + "/" + kind, clock.instant());
  }

  /** Whether one arrived so lately that its sender can be relied on to send the next one. */
  public boolean areRecent(String system, String kind) {
    Instant at = last.get(system + "/" + kind);
    return at != null && at.plus(recent).isAfter(clock.instant());
  }
}
