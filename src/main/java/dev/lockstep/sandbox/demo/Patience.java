package dev.lockstep.sandbox.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, never for time alone: looks when there is news, and now and then. */
final class Patience {
  private static final long LOOK_AGAIN_MILLIS = 50;

  private final Clock clock;
  private final Semaphore news;

  /**
   * @param news gets a permit for each thing that happens
   */
  Patience(Clock clock, Semaphore news) {
    this.clock = clock;
    this.news = news;
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * Returns once it is met.
   *
   * @throws Unmet when it is not met in time
   */
  void until(String awaited, Duration atMost, BooleanSupplier met, Supplier<String> found) {
    if (!met(atMost, met)) {
      throw new Unmet(
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
      if (news.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        news.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unmet("interrupted");
    }
  }
}
