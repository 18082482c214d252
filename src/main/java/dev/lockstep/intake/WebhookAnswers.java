package dev.lockstep.intake;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Last step of taking a webhook in: what its sender is told. */
public final class WebhookAnswers {
  private static final Logger log = LoggerFactory.getLogger(WebhookAnswers.class);

  private final Webhooks webhooks;
  private final WebhookCounter counter;

  WebhookAnswers(Webhooks webhooks, WebhookCounter counter) {
    this.webhooks = webhooks;
    this.counter = counter;
  }

  public void accepted(Exchange exchange) {
    answer(exchange.getMessage(), Outcome.ACCEPTED.status());
  }

  /** Tells why the route ended early; nothing of the fault itself is shown. */
  public void refused(Exchange exchange) {
    Throwable fault = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    Message message = exchange.getMessage();
    String named = message.getHeader("system", "", String.class);
    String system = webhooks.of(named).isPresent() ? named : "unknown";
    Refusal refusal = refusalFor(system, fault);
    Outcome outcome = refusal.outcome();
    counter.count(system, outcome);
    answer(message, outcome.status());
    message.setHeader(Exchange.CONTENT_TYPE, Problem.CONTENT_TYPE);
    if (outcome.isTemporary()) {
      message.setHeader("Retry-After", Problem.RETRY_AFTER_SECONDS);
    }
    message.setBody(Problem.json(outcome, refusal.detail()));
  }

  private static Refusal refusalFor(String system, Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refusal refusal) {
        return refusal;
      }
    }
    log.error("Taking a webhook of {} in failed, its sender is asked to repeat it", system, fault);
    return new Refusal(Outcome.UNAVAILABLE, "It could not be taken in just now.");
  }

  /** Camel answers with every header it finds, those of the request too. */
  private static void answer(Message message, int status) {
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setBody("");
  }
}
