package dev.lockstep.connector;

import org.jspecify.annotations.Nullable;

/**
 * No usable answer came (5xx, timeout, broken connection): the call may or may not have been
 * carried out.
 */
public final class SystemUnavailableException extends RuntimeException {
  private final transient @Nullable Backoff backoff;

  public SystemUnavailableException(String message, @Nullable Throwable cause) {
    this(message, cause, null);
  }

  public SystemUnavailableException(String message) {
    this(message, null, null);
  }

  private SystemUnavailableException(
      String message, @Nullable Throwable cause, @Nullable Backoff backoff) {
    super(message, cause);
    this.backoff = backoff;
  }

  /** The same, with how that system wants to be tried again. */
  SystemUnavailableException withBackoff(Backoff ofSystem) {
    return new SystemUnavailableException(String.valueOf(getMessage()), this, ofSystem);
  }

  /** How long to wait before the next try; null when the system has no wish. */
  public @Nullable Backoff backoff() {
    return backoff;
  }
}
