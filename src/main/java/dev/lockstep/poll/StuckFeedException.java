package dev.lockstep.poll;

/** A feed repeats what it returned before, so that its later pages cannot be reached. */
final class StuckFeedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StuckFeedException(String message) {
    super(message);
  }
}
