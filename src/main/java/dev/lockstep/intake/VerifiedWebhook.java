package dev.lockstep.intake;

import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.intake.definition.WebhookDefinition;
import java.time.Instant;

/** The body of a webhook whose signature was verified. */
final class VerifiedWebhook {
  private final WebhookDefinition definition;
  private final byte[] body;
  private final String sender;
  private final Instant receivedAt;

  /**
   * @param sender the subscription named in a header, which is not signed; empty if none
   */
  VerifiedWebhook(WebhookDefinition webhook, byte[] body, String sender, Instant receivedAt) {
    this.definition = webhook;
    this.body = body;
    this.sender = sender;
    this.receivedAt = receivedAt;
  }

  WebhookDefinition definition() {
    return definition;
  }

  /** At most 1 MiB; must not be modified. */
  byte[] body() {
    return body;
  }

  String sender() {
    return sender;
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
