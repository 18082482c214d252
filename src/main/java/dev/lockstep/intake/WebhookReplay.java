package dev.lockstep.intake;

import dev.lockstep.inbox.DeliveryReplay;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.Undeliverable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** Reads a delivery again, for example after a new version learnt what it says. */
final class WebhookReplay implements DeliveryReplay {
  private final Webhooks webhooks;
  private final WebhookNormaliser normaliser;
  private final Inbox inbox;
  private final ActionItemDoor actionItems;
  private final Clock clock;

  WebhookReplay(
      Webhooks webhooks,
      WebhookNormaliser normaliser,
      Inbox inbox,
      ActionItemDoor actionItems,
      Clock clock) {
    this.webhooks = webhooks;
    this.normaliser = normaliser;
    this.inbox = inbox;
    this.actionItems = actionItems;
    this.clock = clock;
  }

  @Override
  public void replay(Undeliverable delivery) {
    Webhook webhook =
        webhooks
            .of(delivery.system())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No system " + delivery.system() + " sends webhooks"));
    byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
    Heard heard = normaliser.normalise(new Delivery(webhook, body, clock.instant()));
    if (heard instanceof Heard.Puzzle puzzle) {
      throw new IllegalArgumentException(puzzle.delivery().problem());
    }
    if (heard instanceof Heard.Change change) {
      inbox.receive(change.event());
    } else if (heard instanceof Heard.ActionItem told) {
      actionItems.tell(told.item());
    }
  }
}
