package dev.lockstep.intake;

import dev.lockstep.inbox.DeliveryReplay;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.intake.definition.WebhookDefinition;
import dev.lockstep.intake.definition.WebhookDefinitions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Parses a dead-lettered delivery again, for example after an upgrade that supports it. */
@Component
final class WebhookReplay implements DeliveryReplay {
  private final WebhookDefinitions webhooks;
  private final WebhookNormaliser normaliser;
  private final Inbox inbox;
  private final ActionItemPublisher actionItems;
  private final ObjectProvider<CommandListener> commands;
  private final Clock clock;

  WebhookReplay(
      WebhookDefinitions webhooks,
      WebhookNormaliser normaliser,
      Inbox inbox,
      ActionItemPublisher actionItems,
      ObjectProvider<CommandListener> commands,
      Clock clock) {
    this.webhooks = webhooks;
    this.normaliser = normaliser;
    this.inbox = inbox;
    this.actionItems = actionItems;
    this.commands = commands;
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
                        "System " + delivery.system() + " has no webhook.yaml"));
    byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
    ParsedWebhook parsed =
        normaliser.normalise(new VerifiedWebhook(webhook, body, "", clock.instant()));
    if (parsed instanceof ParsedWebhook.Unparseable unparseable) {
      throw new IllegalArgumentException(unparseable.delivery().problem());
    }
    if (parsed instanceof ParsedWebhook.RecordChanged change) {
      inbox.receive(change.event());
    } else if (parsed instanceof ParsedWebhook.ActionItemReported reported) {
      actionItems.publish(reported.item());
    } else if (parsed instanceof ParsedWebhook.CommandReceived received) {
      // It is as old as it is: what nobody waits for any more is not carried out.
      commands.getObject().onCommand(received.command().receivedAt(delivery.receivedAt()));
    }
  }
}
