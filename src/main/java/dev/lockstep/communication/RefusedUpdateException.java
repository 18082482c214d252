package dev.lockstep.communication;

/** What was asked for is not possible; the message says why and what to do. */
public final class RefusedUpdateException extends RuntimeException {
  /** Why it was refused. */
  public enum Reason {
    /** There is no such incident or audience. */
    NOT_FOUND,
    /** Something that was given is not valid. */
    INVALID,
    /** It is not possible now. */
    CONFLICT
  }

  private final Reason reason;

  private RefusedUpdateException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public static RefusedUpdateException notFound(String message) {
    return new RefusedUpdateException(Reason.NOT_FOUND, message);
  }

  public static RefusedUpdateException invalid(String message) {
    return new RefusedUpdateException(Reason.INVALID, message);
  }

  public static RefusedUpdateException conflict(String message) {
    return new RefusedUpdateException(Reason.CONFLICT, message);
  }

  public Reason reason() {
    return reason;
  }
}
