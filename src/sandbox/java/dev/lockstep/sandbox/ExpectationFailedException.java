package dev.lockstep.sandbox;

/** What a rehearsal waited for did not come; the message says what, and what was found instead. */
public final class ExpectationFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ExpectationFailedException(String message) {
    super(message);
  }
}
