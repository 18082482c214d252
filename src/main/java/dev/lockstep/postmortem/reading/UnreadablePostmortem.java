package dev.lockstep.postmortem.reading;

/** The document can't be read at all; the message says why, where, and what to do. */
public final class UnreadablePostmortem extends RuntimeException {
  UnreadablePostmortem(String message) {
    super(message);
  }
}
