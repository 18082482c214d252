package dev.lockstep.intake;

import dev.lockstep.inbox.Failure;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.record.PlainText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.NestedExceptionUtils;

/** Third step of taking a webhook in: keep it where it can't be lost. */
public final class InboxWriter {
  private static final Logger log = LoggerFactory.getLogger(InboxWriter.class);

  private static final int MAX_REASON_LENGTH = 300;

  private final Inbox inbox;
  private final ActionItemPublisher actionItems;
  private final WebhookMetrics metrics;
  private final ReceivedWebhooks received;

  InboxWriter(
      Inbox inbox,
      ActionItemPublisher actionItems,
      WebhookMetrics counter,
      ReceivedWebhooks received) {
    this.inbox = inbox;
    this.actionItems = actionItems;
    this.metrics = counter;
    this.received = received;
  }

  /**
   * When this returns, the sender may forget the delivery.
   *
   * @throws WebhookRejectedException when the inbox could not take it
   */
  public void write(ParsedWebhook heard) {
    try (MDC.MDCCloseable id = MDC.putCloseable("delivery_id", heard.deliveryId())) {
      metrics.count(heard.system(), dispatchOrQuarantine(heard));
    } catch (RuntimeException e) {
      log.warn(
          "The database could not take delivery {} of {}, its sender is asked to send it again: {}",
          heard.deliveryId(),
          heard.system(),
          e.toString());
      throw new WebhookRejectedException(
          WebhookOutcome.UNAVAILABLE, "It could not be stored just now.");
    }
  }

  /** What the database refuses for what is in it is refused each time it is sent. */
  private WebhookOutcome dispatchOrQuarantine(ParsedWebhook heard) {
    try {
      return dispatch(heard);
    } catch (RuntimeException e) {
      VerifiedWebhook delivery = deliveryOf(heard);
      if (Failure.classify(e) != Failure.FAULT || delivery == null) {
        throw e;
      }
      log.error("Delivery {} of {} can't be stored", heard.deliveryId(), heard.system(), e);
      return addDeadLetter(
          delivery.toUnparseable(heard.deliveryId(), "storing it failed: " + reason(e)));
    }
  }

  private static @Nullable VerifiedWebhook deliveryOf(ParsedWebhook heard) {
    if (heard instanceof ParsedWebhook.RecordChanged change) {
      return change.delivery();
    }
    return heard instanceof ParsedWebhook.ActionItemReported item ? item.delivery() : null;
  }

  /** In one line: the database's own words, which say which value it refuses. */
  private static String reason(Throwable failure) {
    String text = NestedExceptionUtils.getMostSpecificCause(failure).toString();
    String line = PlainText.oneLine(text);
    return line.length() <= MAX_REASON_LENGTH ? line : line.substring(0, MAX_REASON_LENGTH) + "...";
  }

  private WebhookOutcome addDeadLetter(UnparseableWebhook delivery) {
    inbox.addDeadLetter(delivery);
    log.warn(
        "Delivery {} of {} was put aside as a dead letter: {}",
        delivery.deliveryId(),
        delivery.system(),
        delivery.problem());
    return WebhookOutcome.DEAD_LETTER;
  }

  private WebhookOutcome dispatch(ParsedWebhook heard) {
    if (heard instanceof ParsedWebhook.RecordChanged change) {
      inbox.receive(change.event());
      received.recordReceived(change.event().record().system(), change.event().record().kind());
      return WebhookOutcome.ACCEPTED;
    }
    if (heard instanceof ParsedWebhook.ActionItemReported told) {
      return actionItems.publish(told.item()) ? WebhookOutcome.ACCEPTED : WebhookOutcome.IGNORED;
    }
    if (heard instanceof ParsedWebhook.Unparseable puzzle) {
      return addDeadLetter(puzzle.delivery());
    }
    ParsedWebhook.Ignored nothing = (ParsedWebhook.Ignored) heard;
    log.debug("{} says {}: {}", nothing.system(), nothing.eventType(), nothing.outcome().label());
    return nothing.outcome();
  }
}
