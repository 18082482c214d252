package dev.lockstep.connector;

import java.time.Duration;

/** What one system can bear, as its {@code connector.yaml} says. */
record CallLimits(
    Rate rate,
    int inFlight,
    Duration connectTimeout,
    Duration readTimeout,
    Breaker breaker,
    Backoff backoff) {

  /** So many calls in each period. */
  record Rate(int calls, Duration per) {}

  /**
   * When to stop calling.
   *
   * @param failures percentage of the calls in the window
   * @param ofLast size of the window, in calls
   * @param atLeast calls before anything is concluded
   * @param openFor how long no call is made then
   */
  record Breaker(int failures, int ofLast, int atLeast, Duration openFor) {}
}
