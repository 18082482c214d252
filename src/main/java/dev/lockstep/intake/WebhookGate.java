package dev.lockstep.intake;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Stands before everything else at {@code /webhooks/*}: a stranger can make us hold 1 MiB and no
 * more, and of his request only the body and the signature go on. In particular nothing is
 * unpacked, decoded or parsed as a form or parts before the signature was checked.
 */
final class WebhookGate extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(WebhookGate.class);

  static final String PREFIX = "/webhooks/";

  /** In bytes; PagerDuty's "Behavior" document says it drops webhooks larger than 256 KB. */
  static final int MAX_BODY = 1024 * 1024;

  private final Webhooks webhooks;
  private final WebhookCounter counter;
  private final BooleanSupplier open;

  /**
   * @param open whether there is somebody behind the gate. The port answers before the route does,
   *     and after it: a 404 then would be a drop to PagerDuty, and three drops switch the
   *     subscription off ("Behavior" in its webhook documentation).
   */
  WebhookGate(Webhooks webhooks, WebhookCounter counter, BooleanSupplier open) {
    this.webhooks = webhooks;
    this.counter = counter;
    this.open = open;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String name = request.getRequestURI().substring(request.getContextPath().length());
    Optional<Webhook> webhook =
        name.startsWith(PREFIX) ? webhooks.of(name.substring(PREFIX.length())) : Optional.empty();
    if (webhook.isEmpty()) {
      refuse(response, "unknown", Outcome.UNKNOWN_SYSTEM, "No system of this name is set up.");
    } else if (!request.getMethod().equals("POST")) {
      response.setHeader("Allow", "POST");
      refuse(response, webhook.get().system(), Outcome.WRONG_METHOD, "Webhooks are sent by POST.");
    } else if (!open.getAsBoolean()) {
      refuse(
          response,
          webhook.get().system(),
          Outcome.UNAVAILABLE,
          "Lockstep is starting or stopping.");
    } else {
      read(webhook.get(), request, response, chain);
    }
  }

  private void read(
      Webhook webhook, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > MAX_BODY) {
      refuseLarge(response, webhook);
      return;
    }
    byte[] body;
    try {
      // One more than allowed: a chunked body does not say beforehand how long it is.
      body = request.getInputStream().readNBytes(MAX_BODY + 1);
    } catch (IOException e) {
      log.info("The body of a webhook to {} did not arrive: {}", webhook.system(), e.toString());
      refuse(response, webhook.system(), Outcome.INCOMPLETE, "The connection broke or was idle.");
      return;
    }
    if (body.length > MAX_BODY) {
      refuseLarge(response, webhook);
      return;
    }
    chain.doFilter(new BareRequest(request, body, webhook.signature().header()), response);
  }

  private void refuseLarge(HttpServletResponse response, Webhook webhook) throws IOException {
    response.setHeader("Connection", "close"); // what is left of the body is not worth reading
    refuse(response, webhook.system(), Outcome.TOO_LARGE, "A webhook may have 1 MiB.");
  }

  private void refuse(HttpServletResponse response, String system, Outcome outcome, String detail)
      throws IOException {
    counter.count(system, outcome);
    byte[] problem = Problem.json(outcome, detail).getBytes(StandardCharsets.UTF_8);
    response.setStatus(outcome.status());
    response.setContentType(Problem.CONTENT_TYPE);
    if (outcome.isTemporary()) {
      response.setHeader("Retry-After", Problem.RETRY_AFTER_SECONDS);
    }
    response.setContentLength(problem.length);
    response.getOutputStream().write(problem);
  }
}
