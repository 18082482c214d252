package dev.lockstep.connector;

import java.time.Duration;

/**
 * The system or its call limit requires a wait: nothing was done, and the same call may succeed
 * later.
 */
public sealed class RetryLaterException extends RuntimeException permits PausedException {
  private final transient Duration delay;

  public RetryLaterException(Duration delay, String message) {
    super(message);
    this.delay = delay;
  }

  /** Minimum delay from now. */
  public Duration delay() {
    return delay;
  }
}
