package dev.lockstep.connector;

import dev.lockstep.connector.definition.CallLimits;
import dev.lockstep.connector.definition.CallLimits.Breaker;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Limits the calls to one system: a rate limit, a limit of concurrent calls, no calls while the
 * system has asked to wait, and a circuit breaker while it fails. A call that is not permitted ends
 * in {@link RetryLaterException} without a request. Thread-safe.
 */
final class CallLimiter {
  /**
   * A short wait for a permit is cheaper than rescheduling the inbox entry. Permits are held longer
   * only by a system that hangs; it must not block threads that other systems need.
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
   * Runs the call if the limits permit it. Only {@link SystemUnavailableException} counts as a
   * failure for the circuit breaker: any other outcome shows that the system answers.
   */
  <T> T execute(Supplier<T> call) {
    requireNotHeld();
    if (!places.tryAcquirePermission()) {
      throw new RetryLaterException(
          SHORT_DELAY, "The limit of concurrent calls to " + title + " is reached");
    }
    try {
      // Checked again: while this call waited for a permit, another one may have been answered with
      // 429.
      requireNotHeld();
      return throughBreaker(call);
    } finally {
      places.onComplete();
    }
  }

  private <T> T throughBreaker(Supplier<T> call) {
    if (!breaker.tryAcquirePermission()) {
      throw new RetryLaterException(
          untilHalfOpen(), title + " is failing; its circuit breaker is open");
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
      // Not a failure of the system, but the permit of a half-open breaker must be returned.
      breaker.releasePermission();
      throw e;
    }
  }

  /** Permits no call until {@code wait} has passed. A longer existing hold remains. */
  synchronized void hold(Duration wait) {
    Instant until = clock.instant().plus(wait);
    if (until.isAfter(heldUntil)) {
      heldUntil = until;
    }
  }

  /** Serves the limit and the state of the circuit breaker as metrics. */
  void register(MeterRegistry metrics) {
    String system = breaker.getName();
    Gauge.builder("lockstep.circuit.open", breaker, CallLimiter::isOpen)
        .tag("system", system)
        .register(metrics);
    Gauge.builder("lockstep.calls.limit", this, CallLimiter::callsPerSecond)
        .tag("system", system)
        .register(metrics);
  }

  private static double isOpen(CircuitBreaker breaker) {
    return breaker.getState() == CircuitBreaker.State.OPEN ? 1 : 0;
  }

  private double callsPerSecond() {
    return rate.getRateLimiterConfig().getLimitForPeriod() / (ratePeriod.toMillis() / 1000.0);
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
          Duration.between(now, until), title + " asked to wait until " + until);
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
