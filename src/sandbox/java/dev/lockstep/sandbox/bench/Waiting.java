package dev.lockstep.sandbox.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Waits for things to happen, each for so long at most. */
final class Waiting {
  private Waiting() {}

  /**
   * Asks every 5 ms.
   *
   * @return whether it became true in time
   */
  static boolean until(Duration most, BooleanSupplier condition) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      LockSupport.parkNanos(5_000_000);
    }
    return true;
  }

  /** Until a count has not moved for {@code still}. */
  static boolean untilStill(Duration still, Duration most, LongSupplier count) {
    long[] seen = {count.getAsLong(), System.nanoTime()};
    return until(
        most,
        () -> {
          long now = count.getAsLong();
          if (now != seen[0]) {
            seen[0] = now;
            seen[1] = System.nanoTime();
          }
          return System.nanoTime() - seen[1] >= still.toNanos();
        });
  }

  /** Until {@link System#nanoTime()} reaches that moment. */
  static void untilMoment(long nanoTime) {
    long left = nanoTime - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = nanoTime - System.nanoTime();
    }
  }
}
