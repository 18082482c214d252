package dev.lockstep.connector;

import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ConnectorDefinition.Meaning;
import dev.lockstep.connector.definition.RequestTemplate;
import dev.lockstep.ops.spans.Spans;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls to one system: within its call limits, with its credentials, measured, and with every
 * failure classified by exception type. Sends exactly one request per call.
 */
final class SystemClient {
  private static final Logger LOG = LoggerFactory.getLogger(SystemClient.class);
  private static final Duration RENEWED_SOON = Duration.ofSeconds(1);
  private static final int NOT_FOUND = 404;

  private final ConnectorDefinition connector;
  private final CamelHttpClient kamelets;
  private final CallGate gate;
  private final Credentials credentials;
  private final CallLimiter limiter;
  private final CredentialStatus credentialStatus = new CredentialStatus();
  private final SystemClock time;
  private final WaitLogger waits;

  /** Look-ups whose last answer rejected the credentials. */
  private final Set<String> refusedLookups = ConcurrentHashMap.newKeySet();

  private final MeterRegistry metrics;
  private final Spans spans;
  private final Clock clock;
  private volatile Map<String, String> lastHeaders = Map.of();

  /** Thrown by {@link #call} when a create is refused because the record already exists. */
  static final class RecordExistsException extends RuntimeException {
    private final transient ApiResponse answer;

    RecordExistsException(ApiResponse answer) {
      super("exists already");
      this.answer = answer;
    }

    ApiResponse answer() {
      return answer;
    }
  }

  SystemClient(
      ConnectorDefinition connector,
      CamelHttpClient kamelets,
      CallGate gate,
      MeterRegistry metrics,
      Spans spans,
      Clock clock) {
    this.connector = connector;
    this.gate = gate;
    this.kamelets = kamelets;
    this.credentials = new Credentials(connector, kamelets, clock);
    this.limiter =
        new CallLimiter(connector.system(), connector.title(), connector.limits(), clock);
    limiter.register(metrics);
    this.time = new SystemClock(clock);
    this.waits = new WaitLogger(connector.title(), clock);
    this.metrics = metrics;
    this.spans = spans;
    this.clock = clock;
  }

  SystemClock time() {
    return time;
  }

  /** Whether the last answer accepted the credentials. */
  boolean accepted() {
    return credentialStatus.accepted();
  }

  /** A header of the last answer. */
  Optional<String> lastHeader(String name) {
    return Optional.ofNullable(lastHeaders.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * @return a successful answer
   * @throws RecordExistsException only when the connector declares such an error class
   */
  ApiResponse call(ApiCall call) {
    SpanBuilder span =
        spans
            .child(connector.system() + " " + call.name())
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(Spans.SYSTEM, connector.system())
            .setAttribute(Spans.CALL, call.name());
    if (call.ref() != null) {
      span.setAttribute(Spans.RECORD, call.ref().toString());
    }
    return Spans.call(span, () -> measure(call));
  }

  private ApiResponse measure(ApiCall call) {
    Timer.Sample sample = Timer.start(metrics);
    String outcome = "ok";
    try {
      gate.requireOpen(connector.system());
      return limiter.execute(() -> send(call));
    } catch (SystemUnavailableException e) {
      outcome = outcome(e);
      throw e.withBackoff(Backoff.of(connector.limits().backoff()));
    } catch (PausedException e) {
      outcome = "paused";
      throw e;
    } catch (RetryLaterException e) {
      outcome = outcome(e);
      waits.log(e);
      throw e;
    } catch (RuntimeException e) {
      outcome = outcome(e);
      throw e;
    } catch (Error e) {
      outcome = "failed";
      throw e;
    } finally {
      Span.current().setAttribute(Spans.OUTCOME, outcome);
      sample.stop(
          metrics.timer(
              "lockstep.calls",
              "system",
              connector.system(),
              "operation",
              call.operation(),
              "access",
              call.write() ? "write" : "read",
              "outcome",
              outcome));
    }
  }

  private ApiResponse send(ApiCall call) {
    String header;
    try {
      header = credentials.header();
    } catch (Credentials.TokenRefusedException e) {
      throw tokenRefused(call, e.answer());
    }
    // What came before is waiting for a permit and obtaining an access token.
    Span.current().addEvent("sent");
    Instant sent = clock.instant();
    ApiResponse answer = answer(call, header);
    Span.current().setAttribute(Spans.STATUS, (long) answer.status());
    time.read(answer, sent);
    lastHeaders = answer.headers();
    credentialStatus.recordAnswer();
    if (isSuccess(call, answer)) {
      credentialStatus.recordSuccess();
      refusedLookups.remove(call.name());
      return answer;
    }
    throw toException(call, answer, header);
  }

  private boolean isSuccess(ApiCall call, ApiResponse answer) {
    return ErrorClassification.find(call, answer, clock)
        .map(verdict -> verdict.meaning() == Meaning.DONE)
        .orElse(answer.succeeded());
  }

  private ApiResponse answer(ApiCall call, String header) {
    try {
      RequestTemplate.Request request = call.request();
      return kamelets.call(
          connector.requestKamelet(),
          request.variables(),
          SecretFields.fill(call, request.body()),
          header);
    } catch (CamelHttpClient.OversizedAnswerException e) {
      // Whether the write was carried out can only be determined by fetching the record.
      throw call.write()
          ? new SystemUnavailableException(connector.title() + ": " + e.getMessage(), e)
          : new ResponseTooLargeException(call, String.valueOf(e.getMessage()));
    } catch (SystemUnavailableException e) {
      if (CamelHttpClient.isClientClosed(e)) {
        credentialStatus.recordInternalFailure();
      }
      throw new SystemUnavailableException(connector.title() + ": " + e.getMessage(), e);
    } catch (IllegalStateException | Error e) {
      credentialStatus.recordInternalFailure();
      throw e;
    }
  }

  private RuntimeException toException(ApiCall call, ApiResponse answer, String header) {
    ErrorClassification verdict = ErrorClassification.classify(call, answer, clock);
    return switch (verdict.meaning()) {
      case WAIT -> wait(verdict, answer);
      case LOCKED_OUT ->
          isLookupForbidden(call)
              ? rejected(call, answer, verdict)
              : lockedOutOrExpired(verdict, answer, header);
      case UNAVAILABLE ->
          new SystemUnavailableException(answered(answer) + " to " + call.describe());
      case GONE -> gone(call, answer, verdict);
      case EXISTS -> new RecordExistsException(answer);
      case REJECTED, DONE -> rejected(call, answer, verdict);
    };
  }

  /**
   * Whether only this look-up is forbidden: it rejects the credentials although other calls have
   * accepted them since its last refusal. The account then lacks a permission; the credentials are
   * valid.
   */
  private boolean isLookupForbidden(ApiCall call) {
    boolean otherwiseAccepted = credentialStatus.accepted();
    return connector.isLookup(call.name()) && !refusedLookups.add(call.name()) && otherwiseAccepted;
  }

  private RuntimeException lockedOutOrExpired(
      ErrorClassification verdict, ApiResponse answer, String header) {
    return credentials.invalidate(header) && credentialStatus.recordRefusal()
        ? new RetryLaterException(RENEWED_SOON, connector.title() + " requires a new access token")
        : lockedOut(verdict, answer);
  }

  private RuntimeException tokenRefused(ApiCall call, ApiResponse answer) {
    ErrorClassification verdict = ErrorClassification.classify(call, answer, clock);
    return switch (verdict.meaning()) {
      case WAIT -> wait(verdict, answer);
      case UNAVAILABLE ->
          new SystemUnavailableException(answered(answer) + " to a request for an access token");
      // OAuth servers refuse a client with 400 as well as with 401 (RFC 6749, section 5.2).
      case LOCKED_OUT, GONE, EXISTS, DONE, REJECTED -> lockedOut(verdict, answer);
    };
  }

  private RetryLaterException wait(ErrorClassification verdict, ApiResponse answer) {
    limiter.hold(verdict.delay());
    return new RetryLaterException(verdict.delay(), answered(answer) + ", wait " + verdict.delay());
  }

  /**
   * Wrong credentials are not a fault of one record: all work on the system waits until an operator
   * has corrected them.
   */
  private RetryLaterException lockedOut(ErrorClassification verdict, ApiResponse answer) {
    limiter.hold(verdict.delay());
    metrics.counter("lockstep.calls.locked.out", "system", connector.system()).increment();
    if (credentialStatus.recordLockout(verdict.advice())) {
      LOG.error(
          "{} does not accept Lockstep's credentials ({}): {} Calls to it are paused.",
          connector.title(),
          answer.status(),
          verdict.advice());
    }
    return new RetryLaterException(verdict.delay(), answered(answer) + ". " + verdict.advice());
  }

  /** Some systems say with another status than 404 that something does not exist. */
  private static RuntimeException gone(
      ApiCall call, ApiResponse answer, ErrorClassification verdict) {
    RecordRef ref = call.ref();
    return ref == null
        ? rejected(call, answer.as(NOT_FOUND), verdict)
        : new RecordNotFoundException(ref);
  }

  static RequestRejectedException rejected(
      ApiCall call, ApiResponse answer, ErrorClassification verdict) {
    return new RequestRejectedException(
        answer.status(),
        call.describe(),
        ApiCall.truncate(answer.text()),
        verdict.advice(),
        call.connector().refusedFields(answer.json(), call.body()));
  }

  RequestRejectedException rejected(ApiCall call, ApiResponse answer, String advice) {
    return rejected(call, answer, new ErrorClassification(Meaning.REJECTED, Duration.ZERO, advice));
  }

  ConnectorHealth.Health health() {
    return new ConnectorHealth.Health(
        connector.system(),
        connector.title(),
        limiter.breakerState().name(),
        limiter.heldUntil().isAfter(clock.instant()) ? limiter.heldUntil() : null,
        limiter.budget(),
        credentialStatus.trouble(),
        credentialStatus.clientBroken(),
        time.ahead());
  }

  private String answered(ApiResponse answer) {
    return connector.title() + " answered " + answer.status();
  }

  private static String outcome(RuntimeException e) {
    if (e instanceof RetryLaterException) {
      return "retry-later";
    }
    if (e instanceof SystemUnavailableException) {
      return "unavailable";
    }
    if (e instanceof RequestRejectedException) {
      return "rejected";
    }
    if (e instanceof RecordNotFoundException) {
      return "gone";
    }
    return e instanceof RecordExistsException ? "exists" : "failed";
  }
}
