package dev.lockstep.connector;

import java.time.Duration;

/** The call limits of one system, from its {@code connector.yaml}. */
record CallLimits(
    Rate rate,
    int inFlight,
    Duration connectTimeout,
    Duration readTimeout,
    Breaker breaker,
    Backoff backoff) {

  /** Number of calls per period. */
  record Rate(int calls, Duration per) {}

  /**
   * Settings of the circuit breaker.
   *
   * @param failures failure rate that opens the breaker, in percent
   * @param ofLast size of the sliding window, in calls
   * @param atLeast minimum number of calls before the rate is evaluated
   * @param openFor how long the breaker stays open
   */
  record Breaker(int failures, int ofLast, int atLeast, Duration openFor) {}
}
