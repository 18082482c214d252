package dev.lockstep.sandbox;

/** A file can't be used; the message is one line: which, where in it, why. */
public final class BadFileException extends RuntimeException {
  public BadFileException(String line) {
    super(line);
  }
}
