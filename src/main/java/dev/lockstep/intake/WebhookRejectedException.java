package dev.lockstep.intake;

/** A webhook is rejected. Contains nothing that the sender must not see. */
final class WebhookRejectedException extends RuntimeException {
  private final WebhookOutcome outcome;

  WebhookRejectedException(WebhookOutcome outcome, String detail) {
    super(detail, null, false, false); // an expected response: no stack trace
    this.outcome = outcome;
  }

  WebhookOutcome outcome() {
    return outcome;
  }

  /** One sentence for the sender. */
  String detail() {
    return String.valueOf(getMessage());
  }
}
