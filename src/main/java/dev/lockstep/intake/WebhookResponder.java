package dev.lockstep.intake;

import dev.lockstep.intake.definition.WebhookDefinitions;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Last step of the intake route: the HTTP response. */
@Component
public final class WebhookResponder {
  private static final Logger log = LoggerFactory.getLogger(WebhookResponder.class);

  private final WebhookDefinitions webhooks;
  private final WebhookMetrics metrics;
  private final ReceivedWebhooks received;

  WebhookResponder(WebhookDefinitions webhooks, WebhookMetrics counter, ReceivedWebhooks received) {
    this.webhooks = webhooks;
    this.metrics = counter;
    this.received = received;
  }

  public void accepted(Exchange exchange) {
    Message message = exchange.getMessage();
    if (message.getBody() instanceof ParsedWebhook.Challenge challenge) {
      answer(message, WebhookOutcome.CHALLENGED.status());
      message.setHeader(Exchange.CONTENT_TYPE, "text/plain;charset=UTF-8");
      message.setHeader("X-Content-Type-Options", "nosniff");
      message.setBody(challenge.answer());
    } else if (message.getBody() instanceof ParsedWebhook.CommandReceived) {
      answer(message, WebhookOutcome.COMMAND.status());
    } else {
      answer(message, WebhookOutcome.ACCEPTED.status());
    }
  }

  /** Responds to a failed route with a problem detail that does not expose the exception. */
  public void rejected(Exchange exchange) {
    Throwable fault = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    Message message = exchange.getMessage();
    String named = message.getHeader("system", "", String.class);
    boolean known = webhooks.find(named).isPresent();
    String system = known ? named : "unknown";
    WebhookRejectedException refusal = rejectionFor(system, fault);
    WebhookOutcome outcome = refusal.outcome();
    metrics.count(system, outcome);
    if (known) {
      received.recordRefused(system, outcome);
    }
    answer(message, outcome.status());
    message.setHeader(Exchange.CONTENT_TYPE, WebhookOutcome.CONTENT_TYPE);
    if (outcome.isTemporary()) {
      message.setHeader("Retry-After", WebhookOutcome.RETRY_AFTER_SECONDS);
    }
    message.setBody(outcome.toProblem(refusal.detail()));
  }

  private static WebhookRejectedException rejectionFor(String system, Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof WebhookRejectedException refusal) {
        return refusal;
      }
    }
    log.error("A webhook of {} failed; answering 503 so that the sender retries", system, fault);
    return new WebhookRejectedException(
        WebhookOutcome.UNAVAILABLE, "The webhook could not be processed; send it again later.");
  }

  /** Removes all headers first: Camel would return those of the request. */
  private static void answer(Message message, int status) {
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setBody("");
  }
}
