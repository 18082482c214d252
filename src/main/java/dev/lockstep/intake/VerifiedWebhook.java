package dev.lockstep.intake;

import dev.lockstep.inbox.UnparseableWebhook;
import java.time.Instant;

/** A webhook as it came, known to be from the system it says. */
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

  /** At most 1 MiB; not to be changed. */
  byte[] body() {
    return body;
  }

  Instant receivedAt() {
    return receivedAt;
  }

  /**
   * What is kept of it for an operator.
   *
   * @param id the sender's id of the delivery, or the hash of its body
   * @param problem in one line
   */
  UnparseableWebhook toUnparseable(String id, String problem) {
    return new UnparseableWebhook(
        definition.system(), id, WebhookBodyParser.asText(body), problem, receivedAt);
  }
}
