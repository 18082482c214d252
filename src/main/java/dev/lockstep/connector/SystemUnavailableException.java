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

  /** A copy with the system's retry backoff. */
  public SystemUnavailableException withBackoff(Backoff ofSystem) {
    return new SystemUnavailableException(String.valueOf(getMessage()), this, ofSystem);
  }

  /** Backoff of the next retry; null for the default. */
  public @Nullable Backoff backoff() {
    return backoff;
  }
}
