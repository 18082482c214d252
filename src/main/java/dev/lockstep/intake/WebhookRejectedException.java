package dev.lockstep.intake;

/** A webhook that is not taken in. Carries nothing the sender may not see. */
final class WebhookRejectedException extends RuntimeException {
  private final WebhookOutcome outcome;

  WebhookRejectedException(WebhookOutcome outcome, String detail) {
    super(detail, null, false, false); // an answer, not a fault: nobody needs its stack trace
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
