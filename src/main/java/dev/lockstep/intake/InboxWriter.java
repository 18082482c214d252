package dev.lockstep.intake;

import dev.lockstep.inbox.Failure;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.ops.spans.Spans;
import dev.lockstep.record.PlainText;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/** Step 3 of the intake route: stores the webhook durably. */
@Component
public final class InboxWriter {
  private static final Logger log = LoggerFactory.getLogger(InboxWriter.class);

  private static final int MAX_REASON_LENGTH = 300;

  private final Inbox inbox;
  private final ActionItemPublisher actionItems;
  private final ObjectProvider<CommandListener> commands;
  private final WebhookMetrics metrics;
  private final ReceivedWebhooks received;
  private final Spans spans;

  /**
   * @param commands resolved lazily: it depends on beans that depend on intake
   */
  InboxWriter(
      Inbox inbox,
      ActionItemPublisher actionItems,
      ObjectProvider<CommandListener> commands,
      WebhookMetrics counter,
      ReceivedWebhooks received,
      Spans spans) {
    this.inbox = inbox;
    this.actionItems = actionItems;
    this.commands = commands;
    this.metrics = counter;
    this.received = received;
    this.spans = spans;
  }

  /**
   * When this returns, the webhook is committed and can be acknowledged.
   *
   * @throws WebhookRejectedException when it could not be stored
   */
  public void write(ParsedWebhook parsed) {
    Spans.run(span(parsed), () -> store(parsed));
  }

  /** Begins a trace, whatever the sender calls its own: only what is verified is recorded. */
  private SpanBuilder span(ParsedWebhook parsed) {
    SpanBuilder span =
        spans
            .root("webhook " + parsed.system())
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(Spans.SYSTEM, parsed.system());
    VerifiedWebhook delivery = deliveryOf(parsed);
    return delivery == null ? span : span.setStartTimestamp(delivery.receivedAt());
  }

  private void store(ParsedWebhook parsed) {
    try (MDC.MDCCloseable id = MDC.putCloseable("delivery_id", parsed.deliveryId())) {
      WebhookOutcome outcome = dispatchOrDeadLetter(parsed);
      Span.current().setAttribute(Spans.OUTCOME, outcome.label());
      metrics.count(parsed.system(), outcome);
    } catch (RuntimeException e) {
      log.warn(
          "Delivery {} of {} could not be stored; answering 503 so that the sender retries: {}",
          parsed.deliveryId(),
          parsed.system(),
          e.toString());
      throw new WebhookRejectedException(
          WebhookOutcome.UNAVAILABLE, "The webhook could not be stored; send it again later.");
    }
  }

  /** Content that the database rejects would be rejected on every retry: it is dead-lettered. */
  private WebhookOutcome dispatchOrDeadLetter(ParsedWebhook parsed) {
    try {
      return dispatch(parsed);
    } catch (RuntimeException e) {
      VerifiedWebhook delivery = deliveryOf(parsed);
      if (Failure.classify(e) != Failure.FAULT || delivery == null) {
        throw e;
      }
      log.error("Delivery {} of {} cannot be stored", parsed.deliveryId(), parsed.system(), e);
      return addDeadLetter(
          delivery.toUnparseable(parsed.deliveryId(), "storing it failed: " + reason(e)));
    }
  }

  private static @Nullable VerifiedWebhook deliveryOf(ParsedWebhook parsed) {
    if (parsed instanceof ParsedWebhook.RecordChanged change) {
      return change.delivery();
    }
    if (parsed instanceof ParsedWebhook.CommandReceived command) {
      return command.delivery();
    }
    return parsed instanceof ParsedWebhook.ActionItemReported item ? item.delivery() : null;
  }

  /** The database's own message on one line: it names the rejected value. */
  private static String reason(Throwable failure) {
    String text = NestedExceptionUtils.getMostSpecificCause(failure).toString();
    String line = PlainText.oneLine(text);
    return line.length() <= MAX_REASON_LENGTH ? line : line.substring(0, MAX_REASON_LENGTH) + "...";
  }

  private WebhookOutcome addDeadLetter(UnparseableWebhook delivery) {
    inbox.addDeadLetter(delivery);
    log.warn(
        "Delivery {} of {} is a dead letter: {}",
        delivery.deliveryId(),
        delivery.system(),
        delivery.problem());
    return WebhookOutcome.DEAD_LETTER;
  }

  private WebhookOutcome dispatch(ParsedWebhook parsed) {
    if (parsed instanceof ParsedWebhook.RecordChanged change) {
      inbox.receive(change.event());
      received.recordReceived(change.event().record().system(), change.event().record().kind());
      return WebhookOutcome.ACCEPTED;
    }
    if (parsed instanceof ParsedWebhook.ActionItemReported reported) {
      return actionItems.publish(reported.item())
          ? WebhookOutcome.ACCEPTED
          : WebhookOutcome.IGNORED;
    }
    if (parsed instanceof ParsedWebhook.CommandReceived received) {
      commands.getObject().onCommand(received.command());
      return WebhookOutcome.COMMAND;
    }
    if (parsed instanceof ParsedWebhook.Challenge) {
      return WebhookOutcome.CHALLENGED;
    }
    if (parsed instanceof ParsedWebhook.Unparseable unparseable) {
      return addDeadLetter(unparseable.delivery());
    }
    if (parsed instanceof ParsedWebhook.TestReceived test) {
      received.recordTest(test);
      return WebhookOutcome.IGNORED;
    }
    ParsedWebhook.Ignored ignored = (ParsedWebhook.Ignored) parsed;
    log.debug(
        "Event {} of {} is {}", ignored.eventType(), ignored.system(), ignored.outcome().label());
    return ignored.outcome();
  }
}
