package dev.lockstep.intake;

import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.UnparseableWebhook;
import java.time.Instant;

/** Result of parsing a verified webhook. */
sealed interface ParsedWebhook {
  String system();

  /** Printable and at most 100 characters, for logs. */
  String deliveryId();

  /**
   * @param delivery the webhook it was parsed from
   */
  record RecordChanged(
      String system, String deliveryId, InboundEvent event, VerifiedWebhook delivery)
      implements ParsedWebhook {}

  /**
   * @param delivery the webhook it was parsed from
   */
  record ActionItemReported(
      String system, String deliveryId, ReportedActionItem item, VerifiedWebhook delivery)
      implements ParsedWebhook {}

  /** What a person asked for. */
  record CommandReceived(
      String system, String deliveryId, ReceivedCommand command, VerifiedWebhook delivery)
      implements ParsedWebhook {}

  /**
   * An event that is not stored.
   *
   * @param outcome {@link WebhookOutcome#IGNORED} or {@link WebhookOutcome#UNKNOWN_EVENT}
   */
  record Ignored(String system, String deliveryId, String eventType, WebhookOutcome outcome)
      implements ParsedWebhook {}

  /**
   * A question whether this address is right.
   *
   * @param answer the body of the response
   */
  record Challenge(String system, String deliveryId, String answer) implements ParsedWebhook {}

  /**
   * A webhook that the system sends only to test its delivery; it changes nothing.
   *
   * @param occurredAt by the system's clock
   * @param sender the subscription named in a header, which is not signed; empty if none
   */
  record TestReceived(
      String system, String deliveryId, Instant occurredAt, String sender, Instant receivedAt)
      implements ParsedWebhook {}

  record Unparseable(String system, String deliveryId, UnparseableWebhook delivery)
      implements ParsedWebhook {}
}
