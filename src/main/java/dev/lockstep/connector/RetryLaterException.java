package dev.lockstep.connector;

import java.time.Duration;

/**
 * The system, or our own limit on it, asks us to wait: nothing was done, and the same call may
 * succeed later.
 */
public final class RetryLaterException extends RuntimeException {
  private final transient Duration delay;

  public RetryLaterException(Duration delay, String message) {
    super(message);
    this.delay = delay;
  }

  /** How long to wait at least, from now. */
  public Duration delay() {
    return delay;
  }
}
