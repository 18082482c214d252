package dev.lockstep.intake.definition;

/** A verified webhook has invalid content. The message never quotes the content. */
public final class WebhookParseException extends RuntimeException {
  public WebhookParseException(String problem) {
    super(problem, null, false, false);
  }

  public String problem() {
    return String.valueOf(getMessage());
  }
}
