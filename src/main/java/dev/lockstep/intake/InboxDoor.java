package dev.lockstep.intake;

import dev.lockstep.inbox.Failure;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.Undeliverable;
import dev.lockstep.record.PlainText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.NestedExceptionUtils;

/** Third step of taking a webhook in: keep it where it can't be lost. */
public final class InboxDoor {
  private static final Logger log = LoggerFactory.getLogger(InboxDoor.class);

  private static final int LONGEST_REASON = 300;

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
      counter.count(heard.system(), kept(heard));
    } catch (RuntimeException e) {
      log.warn(
          "The database could not take delivery {} of {}, its sender is asked to send it again: {}",
          heard.deliveryId(),
          heard.system(),
          e.toString());
      throw new Refusal(Outcome.UNAVAILABLE, "It could not be stored just now.");
    }
  }

  /** What the database refuses for what is in it is refused each time it is sent. */
  private Outcome kept(Heard heard) {
    try {
      return hand(heard);
    } catch (RuntimeException e) {
      Delivery delivery = deliveryOf(heard);
      if (Failure.of(e) != Failure.FAULT || delivery == null) {
        throw e;
      }
      log.error("Delivery {} of {} can't be stored", heard.deliveryId(), heard.system(), e);
      return setAside(
          delivery.undeliverable(heard.deliveryId(), "storing it failed: " + reason(e)));
    }
  }

  private static @Nullable Delivery deliveryOf(Heard heard) {
    if (heard instanceof Heard.Change change) {
      return change.delivery();
    }
    return heard instanceof Heard.ActionItem item ? item.delivery() : null;
  }

  /** In one line: the database's own words, which say which value it refuses. */
  private static String reason(Throwable failure) {
    String text = NestedExceptionUtils.getMostSpecificCause(failure).toString();
    String line = PlainText.oneLine(text);
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
  }

  private Outcome setAside(Undeliverable delivery) {
    inbox.putAside(delivery);
    log.warn(
        "Delivery {} of {} was put aside as a dead letter: {}",
        delivery.deliveryId(),
        delivery.system(),
        delivery.problem());
    return Outcome.SET_ASIDE;
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
      return setAside(puzzle.delivery());
    }
    Heard.Nothing nothing = (Heard.Nothing) heard;
    log.debug("{} says {}: {}", nothing.system(), nothing.eventType(), nothing.outcome().label());
    return nothing.outcome();
  }
}
