package dev.lockstep.intake;

import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.intake.definition.WebhookDefinition;
import java.time.Instant;

/** The body of a webhook whose signature was verified. */
final class VerifiedWebhook {
  private final WebhookDefinition definition;
  private final byte[] body;
  private final Instant receivedAt;

  VerifiedWebhook(WebhookDefinition webhook, byte[] body, Instant receivedAt) {
    this.definition = webhook;
    this.body = body;
    this.receivedAt = receivedAt;
  }

  WebhookDefinition definition() {
    return definition;
  }

  /** At most 1 MiB; must not be modified. */
  byte[] body() {
    return body;
  }

  Instant receivedAt() {
    return receivedAt;
  }

  /**
   * The dead letter to store when this webhook cannot be parsed.
   *
   * @param id the sender's id of the delivery, or the hash of its body
   * @param problem one line
   */
  UnparseableWebhook toUnparseable(String id, String problem) {
    return new UnparseableWebhook(
        definition.system(), id, WebhookBodyParser.asText(body), problem, receivedAt);
  }
}
