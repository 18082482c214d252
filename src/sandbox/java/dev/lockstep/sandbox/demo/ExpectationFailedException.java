package dev.lockstep.sandbox.demo;

/** What a rehearsal waited for did not come; the message says what, and what was found instead. */
final class ExpectationFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExpectationFailedException(String message) {
    super(message);
  }
}
