package dev.lockstep.bench;

/** A file can't be used; the message is one line: which, where in it, why. */
final class BadFile extends RuntimeException {
  BadFile(String line) {
    super(line);
  }
}
