package dev.lockstep.access;

/** A change of users or tokens was refused; nothing was stored. The message is one line. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final boolean isConflict;

  private RefusedException(String message, boolean isConflict) {
    super(message);
    this.isConflict = isConflict;
  }

  static RefusedException invalid(String message) {
    return new RefusedException(message, false);
  }

  static RefusedException conflict(String message) {
    return new RefusedException(message, true);
  }

  /** Whether what exists already forbids it; otherwise the request is invalid. */
  public boolean isConflict() {
    return isConflict;
  }
}
