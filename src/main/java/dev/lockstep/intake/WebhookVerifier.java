package dev.lockstep.intake;

import dev.lockstep.intake.definition.HmacSignature;
import dev.lockstep.intake.definition.WebhookDefinition;
import dev.lockstep.intake.definition.WebhookDefinitions;
import java.time.Clock;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Step 1 of the intake route: verifies the signature. */
@Component
public final class WebhookVerifier {
  private static final Logger log = LoggerFactory.getLogger(WebhookVerifier.class);

  /** What a header may name; anything else is not stored. */
  private static final Pattern SENDER = Pattern.compile("[\\w.:-]{1,64}");

  private final WebhookDefinitions webhooks;
  private final ReceivedWebhooks received;
  private final Clock clock;
  private final ThrottledLog throttledLog;

  WebhookVerifier(WebhookDefinitions webhooks, ReceivedWebhooks received, Clock clock) {
    this.throttledLog = new ThrottledLog(log, clock);
    this.webhooks = webhooks;
    this.received = received;
    this.clock = clock;
  }

  /**
   * @param headers the values of those that the system's definition names
   * @throws WebhookRejectedException when the signature is wrong or no secret is configured
   */
  VerifiedWebhook verify(String system, byte[] body, Function<String, @Nullable String> headers) {
    WebhookDefinition webhook =
        webhooks
            .find(system)
            .orElseThrow(
                () ->
                    new WebhookRejectedException(
                        WebhookOutcome.UNKNOWN_SYSTEM, "No system of this name is configured."));
    HmacSignature scheme = webhook.signature();
    if (!scheme.hasSecret()) {
      throw new WebhookRejectedException(
          WebhookOutcome.NO_SECRET,
          scheme.setting() + " is not set, so signatures cannot be verified.");
    }
    if (!scheme.verifies(body, headers, clock.instant())) {
      throttledLog.info(
          "A webhook to "
              + system
              + " was rejected: "
              + String.join(", ", scheme.headers())
              + " missing, wrong or too old");
      throw new WebhookRejectedException(
          WebhookOutcome.BAD_SIGNATURE,
          "The header "
              + scheme.header()
              + " must contain a signature made with the shared secret.");
    }
    received.recordVerified(system);
    return new VerifiedWebhook(webhook, body, sender(webhook, headers), clock.instant());
  }

  /** The subscription that a header names; empty if none does. */
  private static String sender(
      WebhookDefinition webhook, Function<String, @Nullable String> headers) {
    String name = webhook.senderHeader();
    String sender = name.isEmpty() ? null : headers.apply(name);
    return sender == null || !SENDER.matcher(sender).matches() ? "" : sender;
  }

  /** Called by the route. */
  public void verify(Exchange exchange) {
    Message message = exchange.getMessage();
    String system = message.getHeader("system", "", String.class);
    byte[] body = message.getBody(byte[].class);
    message.setBody(
        verify(
            system,
            body == null ? new byte[0] : body,
            name -> message.getHeader(name, String.class)));
  }
}
