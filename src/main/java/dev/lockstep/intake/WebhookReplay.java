package dev.lockstep.intake;

import dev.lockstep.inbox.DeliveryReplay;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.UnparseableWebhook;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** Reads a delivery again, for example after a new version learnt what it says. */
final class WebhookReplay implements DeliveryReplay {
  private final WebhookDefinitions webhooks;
  private final WebhookNormaliser normaliser;
  private final Inbox inbox;
  private final ActionItemPublisher actionItems;
  private final Clock clock;

  WebhookReplay(
      WebhookDefinitions webhooks,
      WebhookNormaliser normaliser,
      Inbox inbox,
      ActionItemPublisher actionItems,
      Clock clock) {
    this.webhooks = webhooks;
    this.normaliser = normaliser;
    this.inbox = inbox;
    this.actionItems = actionItems;
    this.clock = clock;
  }

  @Override
  public void replay(UnparseableWebhook delivery) {
    WebhookDefinition webhook =
        webhooks
            .find(delivery.system())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No system " + delivery.system() + " sends webhooks"));
    byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
    ParsedWebhook heard = normaliser.normalise(new VerifiedWebhook(webhook, body, clock.instant()));
    if (heard instanceof ParsedWebhook.Unparseable puzzle) {
      throw new IllegalArgumentException(puzzle.delivery().problem());
    }
    if (heard instanceof ParsedWebhook.RecordChanged change) {
      inbox.receive(change.event());
    } else if (heard instanceof ParsedWebhook.ActionItemReported told) {
      actionItems.publish(told.item());
    }
  }
}
