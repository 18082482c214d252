package dev.lockstep.postmortem.parse;

/** The document can't be read at all; the message says why, where, and what to do. */
public final class PostmortemParseException extends RuntimeException {
  PostmortemParseException(String message) {
    super(message);
  }
}
