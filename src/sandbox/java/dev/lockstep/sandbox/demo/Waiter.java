package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.ExpectationFailedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, never for time alone: looks when there is news, and now and then. */
final class Waiter {
  private final Clock clock;
  private final Semaphore news;
  private final Duration lookAgain;

  /**
   * @param news gets a permit for each thing that happens
   * @param lookAgain how long to wait for news at most
   */
  Waiter(Clock clock, Semaphore news, Duration lookAgain) {
    this.clock = clock;
    this.news = news;
    this.lookAgain = lookAgain;
  }

  /** Looks at each piece of news. */
  static Waiter awake(Clock clock, ChangeRecorder recorder) {
    return new Waiter(clock, recorder.news(), Duration.ofMillis(50));
  }

  /** Looks twice a second only, for conditions that take long to look at. */
  static Waiter calm(Clock clock) {
    return new Waiter(clock, new Semaphore(0), Duration.ofMillis(500));
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * Returns once it is met.
   *
   * @throws ExpectationFailedException when it is not met in time
   */
  void until(String awaited, Duration atMost, BooleanSupplier met, Supplier<String> found) {
    if (!met(atMost, met)) {
      throw new ExpectationFailedException(
          "waited %d s for %s; found %s".formatted(atMost.toSeconds(), awaited, found.get()));
    }
  }

  /** Whether it is met in time. */
  boolean met(Duration atMost, BooleanSupplier condition) {
    Instant deadline = now().plus(atMost);
    while (!condition.getAsBoolean()) {
      if (!now().isBefore(deadline)) {
        return false;
      }
      awaitNews();
    }
    return true;
  }

  private void awaitNews() {
    try {
      if (news.tryAcquire(lookAgain.toMillis(), TimeUnit.MILLISECONDS)) {
        news.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExpectationFailedException("interrupted");
    }
  }
}
