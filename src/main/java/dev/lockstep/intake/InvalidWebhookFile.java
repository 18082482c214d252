package dev.lockstep.intake;

/** A {@code webhook.yaml} says something it may not; the message names file and line. */
public final class InvalidWebhookFile extends RuntimeException {
  InvalidWebhookFile(String message) {
    super(message);
  }
}
