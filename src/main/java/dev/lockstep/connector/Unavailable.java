package dev.lockstep.connector;

/**
 * No usable answer came (5xx, timeout, broken connection): the call may or may not have been
 * carried out.
 */
public final class Unavailable extends RuntimeException {
  public Unavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public Unavailable(String message) {
    super(message);
  }
}
