package dev.lockstep.connector.definition;

import java.time.Duration;

/** The call limits of one system, from its {@code connector.yaml}. */
public record CallLimits(
    Rate rate,
    int inFlight,
    Duration connectTimeout,
    Duration readTimeout,
    Breaker breaker,
    Retries backoff) {

  /**
   * Delays between retries.
   *
   * @param jitter random share of a delay, 0 to 1
   */
  public record Retries(Duration first, Duration most, double jitter) {}

  /** Number of calls per period. */
  public record Rate(int calls, Duration per) {}

  /**
   * Settings of the circuit breaker.
   *
   * @param failures failure rate that opens the breaker, in percent
   * @param ofLast size of the sliding window, in calls
   * @param atLeast minimum number of calls before the rate is evaluated
   * @param openFor how long the breaker stays open
   */
  public record Breaker(int failures, int ofLast, int atLeast, Duration openFor) {}
}
