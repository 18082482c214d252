package dev.lockstep.intake;

import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.UnparseableWebhook;

/** What a delivery turned out to say. */
sealed interface ParsedWebhook {
  String system();

  /** Printable and short, for logs. */
  String deliveryId();

  /**
   * @param delivery it was read from
   */
  record RecordChanged(
      String system, String deliveryId, InboundEvent event, VerifiedWebhook delivery)
      implements ParsedWebhook {}

  /**
   * @param delivery it was read from
   */
  record ActionItemReported(
      String system, String deliveryId, ReportedActionItem item, VerifiedWebhook delivery)
      implements ParsedWebhook {}

  /**
   * An event that is not kept.
   *
   * @param outcome {@link WebhookOutcome#IGNORED} or {@link WebhookOutcome#UNKNOWN_EVENT}
   */
  record Ignored(String system, String deliveryId, String eventType, WebhookOutcome outcome)
      implements ParsedWebhook {}

  record Unparseable(String system, String deliveryId, UnparseableWebhook delivery)
      implements ParsedWebhook {}
}
