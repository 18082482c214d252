package dev.lockstep.intake;

import dev.lockstep.inbox.Inbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Third step of taking a webhook in: keep it where it can't be lost. */
public final class InboxDoor {
  private static final Logger log = LoggerFactory.getLogger(InboxDoor.class);

  private final Inbox inbox;
  private final ActionItemDoor actionItems;
  private final WebhookCounter counter;
  private final ReceivedWebhooks received;

  InboxDoor(
      Inbox inbox, ActionItemDoor actionItems, WebhookCounter counter, ReceivedWebhooks received) {
    this.inbox = inbox;
    this.actionItems = actionItems;
    this.counter = counter;
    this.received = received;
  }

  /**
   * When this returns, the sender may forget the delivery.
   *
   * @throws Refusal when the inbox could not take it
   */
  public void keep(Heard heard) {
    try (MDC.MDCCloseable id = MDC.putCloseable("delivery_id", heard.deliveryId())) {
      counter.count(heard.system(), hand(heard));
    } catch (RuntimeException e) {
      log.warn(
          "The database could not take delivery {} of {}, its sender is asked to send it again: {}",
          heard.deliveryId(),
          heard.system(),
          e.toString());
      throw new Refusal(Outcome.UNAVAILABLE, "It could not be stored just now.");
    }
  }

  private Outcome hand(Heard heard) {
    if (heard instanceof Heard.Change change) {
      inbox.receive(change.event());
      received.received(change.event().record().system(), change.event().record().kind());
      return Outcome.ACCEPTED;
    }
    if (heard instanceof Heard.ActionItem told) {
      return actionItems.tell(told.item()) ? Outcome.ACCEPTED : Outcome.IGNORED;
    }
    if (heard instanceof Heard.Puzzle puzzle) {
      inbox.putAside(puzzle.delivery());
      log.warn(
          "Delivery {} of {} was put aside as a dead letter: {}",
          puzzle.deliveryId(),
          puzzle.system(),
          puzzle.delivery().problem());
      return Outcome.SET_ASIDE;
    }
    Heard.Nothing nothing = (Heard.Nothing) heard;
    log.debug("{} says {}: {}", nothing.system(), nothing.eventType(), nothing.outcome().label());
    return nothing.outcome();
  }
}
