package dev.lockstep.connector;

import dev.lockstep.connector.CallLimits.Breaker;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets calls to one system through only as it can bear them: so many a second, so many at once,
 * none while it asked us to wait, few while it is failing. Whoever is not let through gets {@link
 * RetryLater} and no call is made. Thread-safe.
 */
final class CallLimiter {
  /**
   * Waiting a moment for a free place is cheaper than going back to the inbox. Longer than a moment
   * it is taken only by a system that hangs, which must not hold the threads that others need.
   */
  private static final Duration MAX_WAIT = Duration.ofMillis(200);

  private static final Duration SHORT_DELAY = Duration.ofSeconds(1);

  private final String title;
  private final Clock clock;
  private final RateLimiter rate;
  private final Duration ratePeriod;
  private final Bulkhead places;
  private final CircuitBreaker breaker;
  private final Duration openFor;
  private volatile Instant heldUntil = Instant.MIN;
  private volatile Instant openedAt = Instant.MIN;

  CallLimiter(String system, String title, CallLimits limits, Clock clock) {
    this.title = title;
    this.clock = clock;
    this.ratePeriod = limits.rate().per();
    this.rate =
        RateLimiter.of(
            system,
            RateLimiterConfig.custom()
                .limitForPeriod(limits.rate().calls())
                .limitRefreshPeriod(ratePeriod)
                .timeoutDuration(Duration.ZERO)
                .build());
    this.places =
        Bulkhead.of(
            system,
            BulkheadConfig.custom()
                .maxConcurrentCalls(limits.inFlight())
                .maxWaitDuration(MAX_WAIT)
                .build());
    this.openFor = limits.breaker().openFor();
    this.breaker = breaker(system, limits.breaker());
  }

  private CircuitBreaker breaker(String system, Breaker limits) {
    CircuitBreaker made =
        CircuitBreaker.of(
            system,
            CircuitBreakerConfig.custom()
                .clock(clock)
                .failureRateThreshold(limits.failures())
                .slidingWindowSize(limits.ofLast())
                .minimumNumberOfCalls(limits.atLeast())
                .waitDurationInOpenState(limits.openFor())
                .permittedNumberOfCallsInHalfOpenState(2)
                .build());
    made.getEventPublisher()
        .onStateTransition(
            event -> {
              if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
                openedAt = clock.instant();
              }
            });
    return made;
  }

  /**
   * Only {@link SystemUnavailableException} counts against the system: any other end shows that it
   * answers.
   */
  <T> T execute(Supplier<T> call) {
    requireNotHeld();
    if (!places.tryAcquirePermission()) {
      throw new RetryLaterException(
          SHORT_DELAY, "As many calls to " + title + " as allowed are under way");
    }
    try {
      // Again: the wait for a place may have been long enough for another call to be told to wait.
      requireNotHeld();
      return throughBreaker(call);
    } finally {
      places.onComplete();
    }
  }

  private <T> T throughBreaker(Supplier<T> call) {
    if (!breaker.tryAcquirePermission()) {
      throw new RetryLaterException(
          untilHalfOpen(), title + " has been failing; waiting before more calls");
    }
    if (!rate.acquirePermission()) {
      breaker.releasePermission();
      throw new RetryLaterException(
          untilNextPermission(), "The rate of calls to " + title + " is used up");
    }
    long start = System.nanoTime();
    try {
      T answer = call.get();
      breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      return answer;
    } catch (SystemUnavailableException e) {
      breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, e);
      throw e;
    } catch (RuntimeException e) {
      breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      throw e;
    } catch (Error e) {
      // Says nothing of the system, but the permit of a half-open breaker must come back.
      breaker.releasePermission();
      throw e;
    }
  }

  /** No call goes out until that much time has passed. A longer hold stays. */
  synchronized void hold(Duration wait) {
    Instant until = clock.instant().plus(wait);
    if (until.isAfter(heldUntil)) {
      heldUntil = until;
    }
  }

  Instant heldUntil() {
    return heldUntil;
  }

  CircuitBreaker.State breakerState() {
    return breaker.getState();
  }

  private void requireNotHeld() {
    Instant now = clock.instant();
    Instant until = heldUntil;
    if (until.isAfter(now)) {
      throw new RetryLaterException(
          Duration.between(now, until), title + " is to be left alone until " + until);
    }
  }

  private Duration untilHalfOpen() {
    Instant opened = openedAt;
    if (breaker.getState() != CircuitBreaker.State.OPEN || opened.equals(Instant.MIN)) {
      return SHORT_DELAY;
    }
    Duration left = Duration.between(clock.instant(), opened.plus(openFor));
    return left.compareTo(SHORT_DELAY) < 0 ? SHORT_DELAY : left;
  }

  private Duration untilNextPermission() {
    return rate.getMetrics() instanceof AtomicRateLimiter.AtomicRateLimiterMetrics exact
        ? Duration.ofNanos(Math.max(exact.getNanosToWait(), TimeUnit.MILLISECONDS.toNanos(10)))
        : ratePeriod;
  }
}
