package dev.lockstep.connector;

import dev.lockstep.connector.definition.CallLimits;
import java.time.Duration;

/**
 * Delay between retries: exponential from {@code first} to {@code most}, with jitter.
 *
 * @param jitter random share of the delay, 0 to 1
 */
public record Backoff(Duration first, Duration most, double jitter) {

  static Backoff of(CallLimits.Retries declared) {
    return new Backoff(declared.first(), declared.most(), declared.jitter());
  }

  /**
   * @param attempt 1 for the first retry
   * @param random 0 inclusive to 1 exclusive
   */
  public Duration delay(int attempt, double random) {
    int doublings = Math.min(Math.max(attempt - 1, 0), 30);
    Duration full = first.multipliedBy(1L << doublings);
    Duration capped = full.compareTo(most) > 0 ? most : full;
    double factor = 1 - jitter * random;
    return Duration.ofMillis((long) (capped.toMillis() * factor));
  }
}
