package dev.lockstep.connector;

import dev.lockstep.connector.ConnectorDefinition.Meaning;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls to one system: through its gate, with its credentials, timed, and with every
 * unsuccessful end told apart by exception. Exactly one request goes out per call.
 */
final class SystemClient {
  private static final Logger LOG = LoggerFactory.getLogger(SystemClient.class);
  private static final Duration RENEWED_SOON = Duration.ofSeconds(1);

  private final ConnectorDefinition connector;
  private final CamelHttpClient kamelets;
  private final Credentials credentials;
  private final CallLimiter limiter;
  private final CredentialStatus credentialStatus = new CredentialStatus();
  private final SystemClock time;
  private final WaitLogger waits;

  /** Look-ups whose last answer was that the credentials are not accepted. */
  private final Set<String> refusedLookups = ConcurrentHashMap.newKeySet();

  private final MeterRegistry metrics;
  private final Clock clock;

  /** Thrown by {@link #call} on a create the system refused because the record is there already. */
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
      ConnectorDefinition connector, CamelHttpClient kamelets, MeterRegistry metrics, Clock clock) {
    this.connector = connector;
    this.kamelets = kamelets;
    this.credentials = new Credentials(connector, kamelets, clock);
    this.limiter =
        new CallLimiter(connector.system(), connector.title(), connector.limits(), clock);
    this.time = new SystemClock(clock);
    this.waits = new WaitLogger(connector.title(), clock);
    this.metrics = metrics;
    this.clock = clock;
  }

  SystemClock time() {
    return time;
  }

  /**
   * @return a successful answer
   * @throws RecordExistsException only if the error classes have it
   */
  ApiResponse call(ApiCall call) {
    Timer.Sample sample = Timer.start(metrics);
    String outcome = "ok";
    try {
      return limiter.execute(() -> send(call));
    } catch (SystemUnavailableException e) {
      outcome = outcome(e);
      throw e.withBackoff(connector.limits().backoff());
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
    ApiResponse answer = answer(call, header);
    time.read(answer);
    credentialStatus.recordAnswer();
    if (answer.succeeded()) {
      credentialStatus.recordSuccess();
      refusedLookups.remove(call.name());
      return answer;
    }
    throw toException(call, answer, header);
  }

  private ApiResponse answer(ApiCall call, String header) {
    try {
      return kamelets.call(connector.kamelet(call.name()), call.variables(), call.body(), header);
    } catch (CamelHttpClient.OversizedAnswerException e) {
      // Whether a write was carried out only looking can tell.
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
      case REJECTED -> rejected(call, answer, verdict);
    };
  }

  /**
   * A look-up that does not accept the credentials though other calls accepted them since it last
   * refused them: the endpoint is closed to Lockstep's account, the credentials are right.
   */
  private boolean isLookupForbidden(ApiCall call) {
    boolean otherwiseAccepted = credentialStatus.accepted();
    return connector.isLookup(call.name()) && !refusedLookups.add(call.name()) && otherwiseAccepted;
  }

  private RuntimeException lockedOutOrExpired(
      ErrorClassification verdict, ApiResponse answer, String header) {
    return credentials.invalidate(header) && credentialStatus.recordRefusal()
        ? new RetryLaterException(RENEWED_SOON, connector.title() + " wants a new access token")
        : lockedOut(verdict, answer);
  }

  private RuntimeException tokenRefused(ApiCall call, ApiResponse answer) {
    ErrorClassification verdict = ErrorClassification.classify(call, answer, clock);
    return switch (verdict.meaning()) {
      case WAIT -> wait(verdict, answer);
      case UNAVAILABLE ->
          new SystemUnavailableException(answered(answer) + " to a request for an access token");
      // OAuth servers refuse a client with 400 as well as with 401 (RFC 6749, section 5.2).
      case LOCKED_OUT, GONE, EXISTS, REJECTED -> lockedOut(verdict, answer);
    };
  }

  private RetryLaterException wait(ErrorClassification verdict, ApiResponse answer) {
    limiter.hold(verdict.delay());
    return new RetryLaterException(verdict.delay(), answered(answer) + ", wait " + verdict.delay());
  }

  /**
   * Wrong credentials are no fault of the record at hand: work waits, for every record, until a
   * person has mended them.
   */
  private RetryLaterException lockedOut(ErrorClassification verdict, ApiResponse answer) {
    limiter.hold(verdict.delay());
    metrics.counter("lockstep.calls.locked.out", "system", connector.system()).increment();
    if (credentialStatus.recordLockout(verdict.advice())) {
      LOG.error(
          "{} does not accept Lockstep's credentials ({}): {} Work on it waits.",
          connector.title(),
          answer.status(),
          verdict.advice());
    }
    return new RetryLaterException(verdict.delay(), answered(answer) + ". " + verdict.advice());
  }

  private static RuntimeException gone(
      ApiCall call, ApiResponse answer, ErrorClassification verdict) {
    RecordRef ref = call.ref();
    return ref == null ? rejected(call, answer, verdict) : new RecordNotFoundException(ref);
  }

  static RequestRejectedException rejected(
      ApiCall call, ApiResponse answer, ErrorClassification verdict) {
    return new RequestRejectedException(
        answer.status(),
        call.describe(),
        ApiCall.truncate(answer.text()),
        verdict.advice(),
        call.connector().refusedFields().find(answer.json(), call.connector().unwrap(call.body())));
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
        credentialStatus.trouble(),
        credentialStatus.clientBroken());
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
