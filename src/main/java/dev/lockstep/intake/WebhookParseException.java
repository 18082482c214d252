package dev.lockstep.intake;

/** A verified webhook has invalid content. The message never quotes the content. */
final class WebhookParseException extends RuntimeException {
  WebhookParseException(String problem) {
    super(problem, null, false, false);
  }

  String problem() {
    return String.valueOf(getMessage());
  }
}
