package dev.lockstep.intake;

import dev.lockstep.intake.definition.HmacSignature;
import dev.lockstep.intake.definition.WebhookDefinition;
import dev.lockstep.intake.definition.WebhookDefinitions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * First filter on {@code /webhooks/*}. Limits the body to 1 MiB and to {@link #BODY_DEADLINE},
 * reads it without blocking a thread, and forwards only the body and the headers of the signature.
 * Nothing is decompressed, decoded or parsed as a form before the signature is verified.
 */
final class WebhookFilter extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(WebhookFilter.class);

  static final String PREFIX = "/webhooks/";

  /** PagerDuty drops webhooks larger than 256 KB ("Behavior" in its webhook documentation). */
  static final int MAX_BODY_BYTES = 1024 * 1024;

  /** Limit for the complete body, however steadily it arrives. */
  static final Duration BODY_DEADLINE = Duration.ofSeconds(5);

  private final WebhookDefinitions webhooks;
  private final WebhookMetrics metrics;
  private final ReceivedWebhooks received;
  private final BooleanSupplier routeStarted;
  private final ThrottledLog throttledLog;

  /**
   * @param routeStarted whether the Camel route is running. The port is open before the route
   *     starts and after it stops, when a 404 would count as a rejected delivery: PagerDuty
   *     disables a subscription after three of them ("Behavior" in its webhook documentation).
   */
  WebhookFilter(
      WebhookDefinitions webhooks,
      WebhookMetrics counter,
      ReceivedWebhooks received,
      BooleanSupplier open,
      Clock clock) {
    this.throttledLog = new ThrottledLog(log, clock);
    this.webhooks = webhooks;
    this.metrics = counter;
    this.received = received;
    this.routeStarted = open;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String name = request.getRequestURI().substring(request.getContextPath().length());
    Optional<WebhookDefinition> webhook =
        name.startsWith(PREFIX) ? webhooks.find(name.substring(PREFIX.length())) : Optional.empty();
    if (webhook.isEmpty()) {
      reject(
          response,
          "unknown",
          WebhookOutcome.UNKNOWN_SYSTEM,
          "No system of this name is configured.");
    } else if (!request.getMethod().equals("POST")) {
      response.setHeader("Allow", "POST");
      reject(
          response,
          webhook.get().system(),
          WebhookOutcome.WRONG_METHOD,
          "Webhooks must be sent with POST.");
    } else if (!routeStarted.getAsBoolean()) {
      reject(
          response,
          webhook.get().system(),
          WebhookOutcome.UNAVAILABLE,
          "Lockstep is starting or stopping.");
    } else {
      readBody(webhook.get(), request, response);
    }
  }

  private void readBody(
      WebhookDefinition webhook, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HmacSignature scheme = webhook.signature();
    if (request.getContentLengthLong() > MAX_BODY_BYTES) {
      rejectTooLarge(response, webhook);
    } else if (scheme.hasSecret() && !scheme.isWellFormed(signatures(request, scheme))) {
      response.setHeader("Connection", "close"); // the rest of the body is not read
      reject(
          response,
          webhook.system(),
          WebhookOutcome.BAD_SIGNATURE,
          "The header "
              + scheme.header()
              + " must contain a signature made with the shared secret.");
    } else {
      SanitizedRequest bare = new SanitizedRequest(request, scheme, webhook.senderHeader());
      AsyncContext async = request.startAsync(bare, response);
      BodyReader reader = new BodyReader(webhook, request.getInputStream(), bare, response, async);
      async.setTimeout(BODY_DEADLINE.toMillis());
      async.addListener(reader);
      request.getInputStream().setReadListener(reader);
    }
  }

  private static String signatures(HttpServletRequest request, HmacSignature scheme) {
    return scheme.joined(Collections.list(request.getHeaders(scheme.header())));
  }

  /**
   * Reads a body asynchronously, so that slow senders do not occupy the threads that serve other
   * webhooks, probes and metrics.
   */
  private final class BodyReader implements ReadListener, AsyncListener {
    private final WebhookDefinition webhook;
    private final ServletInputStream in;
    private final SanitizedRequest sanitized;
    private final HttpServletResponse response;
    private final AsyncContext async;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final byte[] chunk = new byte[8 * 1024];
    private final AtomicBoolean answered = new AtomicBoolean();

    BodyReader(
        WebhookDefinition webhook,
        ServletInputStream in,
        SanitizedRequest bare,
        HttpServletResponse response,
        AsyncContext async) {
      this.webhook = webhook;
      this.in = in;
      this.sanitized = bare;
      this.response = response;
      this.async = async;
    }

    @Override
    public void onDataAvailable() throws IOException {
      while (in.isReady() && !in.isFinished()) {
        int read = in.read(chunk);
        if (read > 0) {
          body.write(chunk, 0, read);
        }
        // The length of a chunked body is not known in advance.
        if (body.size() > MAX_BODY_BYTES) {
          if (answered.compareAndSet(false, true)) {
            rejectTooLarge(response, webhook);
            async.complete();
          }
          return;
        }
      }
    }

    @Override
    public void onAllDataRead() {
      if (answered.compareAndSet(false, true)) {
        sanitized.setBody(body.toByteArray());
        async.dispatch();
      }
    }

    @Override
    public void onError(Throwable fault) {
      incomplete(fault.toString());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // After the dispatch, the timeout belongs to the route.
      incomplete("not complete after " + BODY_DEADLINE.toSeconds() + " s");
    }

    @Override
    public void onError(AsyncEvent event) {
      incomplete(String.valueOf(event.getThrowable()));
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // Nothing to do: the request was dispatched to the route.
    }

    @Override
    public void onComplete(AsyncEvent event) {
      // Nothing to do: the response was sent.
    }

    private void incomplete(String why) {
      if (!answered.compareAndSet(false, true)) {
        return;
      }
      throttledLog.info("The body of a webhook to " + webhook.system() + " did not arrive: " + why);
      try {
        response.setHeader("Connection", "close");
        reject(
            response,
            webhook.system(),
            WebhookOutcome.INCOMPLETE,
            "The body did not arrive in time.");
      } catch (IOException gone) {
        log.debug("The client has disconnected", gone);
      }
      async.complete();
    }
  }

  private void rejectTooLarge(HttpServletResponse response, WebhookDefinition webhook)
      throws IOException {
    response.setHeader("Connection", "close"); // the rest of the body is not read
    reject(
        response, webhook.system(), WebhookOutcome.TOO_LARGE, "The limit for a webhook is 1 MiB.");
  }

  private void reject(
      HttpServletResponse response, String system, WebhookOutcome outcome, String detail)
      throws IOException {
    metrics.count(system, outcome);
    if (outcome != WebhookOutcome.UNKNOWN_SYSTEM) {
      received.recordRefused(system, outcome);
    }
    byte[] problem = outcome.toProblem(detail).getBytes(StandardCharsets.UTF_8);
    response.setStatus(outcome.status());
    response.setContentType(WebhookOutcome.CONTENT_TYPE);
    if (outcome.isTemporary()) {
      response.setHeader("Retry-After", WebhookOutcome.RETRY_AFTER_SECONDS);
    }
    response.setContentLength(problem.length);
    response.getOutputStream().write(problem);
  }
}
