package dev.lockstep.intake;

/** A rightly signed delivery says something we cannot read. Never quotes the delivery's content. */
final class WebhookParseException extends RuntimeException {
  WebhookParseException(String problem) {
    super(problem, null, false, false);
  }

  String problem() {
    return String.valueOf(getMessage());
  }
}
