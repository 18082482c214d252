package dev.lockstep.postmortem.parse;

/**
 * The document cannot be read at all; the message gives the reason, the place and the correction.
 */
public final class PostmortemParseException extends RuntimeException {
  public PostmortemParseException(String message) {
    super(message);
  }
}
