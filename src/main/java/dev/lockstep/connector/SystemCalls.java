package dev.lockstep.connector;

import dev.lockstep.connector.Connector.Meaning;
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
final class SystemCalls {
  private static final Logger LOG = LoggerFactory.getLogger(SystemCalls.class);
  private static final Duration RENEWED_SOON = Duration.ofSeconds(1);

  private final Connector connector;
  private final KameletCalls kamelets;
  private final Credentials credentials;
  private final Gate gate;
  private final Standing standing = new Standing();
  private final SystemTime time;
  private final WaitLog waits;

  /** Look-ups whose last answer was that the credentials are not accepted. */
  private final Set<String> refusedLookups = ConcurrentHashMap.newKeySet();

  private final MeterRegistry metrics;
  private final Clock clock;

  /** Thrown by {@link #call} on a create the system refused because the record is there already. */
  static final class Exists extends RuntimeException {
    private final transient Answer answer;

    Exists(Answer answer) {
      super("exists already");
      this.answer = answer;
    }

    Answer answer() {
      return answer;
    }
  }

  SystemCalls(Connector connector, KameletCalls kamelets, MeterRegistry metrics, Clock clock) {
    this.connector = connector;
    this.kamelets = kamelets;
    this.credentials = new Credentials(connector, kamelets, clock);
    this.gate = new Gate(connector.system(), connector.title(), connector.limits(), clock);
    this.time = new SystemTime(clock);
    this.waits = new WaitLog(connector.title(), clock);
    this.metrics = metrics;
    this.clock = clock;
  }

  SystemTime time() {
    return time;
  }

  /**
   * @return a successful answer
   * @throws Exists only if the error classes have it
   */
  Answer call(Call call) {
    Timer.Sample sample = Timer.start(metrics);
    String outcome = "ok";
    try {
      return gate.pass(() -> once(call));
    } catch (Unavailable e) {
      outcome = outcome(e);
      throw e.triedAgainBy(connector.limits().backoff());
    } catch (RetryLater e) {
      outcome = outcome(e);
      waits.note(e);
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

  private Answer once(Call call) {
    String header;
    try {
      header = credentials.header();
    } catch (Credentials.Refused e) {
      throw tokenRefused(call, e.answer());
    }
    Answer answer = answer(call, header);
    time.read(answer);
    standing.received();
    if (answer.succeeded()) {
      standing.answered();
      refusedLookups.remove(call.name());
      return answer;
    }
    throw meaning(call, answer, header);
  }

  private Answer answer(Call call, String header) {
    try {
      return kamelets.call(connector.kamelet(call.name()), call.variables(), call.body(), header);
    } catch (KameletCalls.TooLarge e) {
      // Whether a write was carried out only looking can tell.
      throw call.write()
          ? new Unavailable(connector.title() + ": " + e.getMessage(), e)
          : new Oversized(call, String.valueOf(e.getMessage()));
    } catch (Unavailable e) {
      if (KameletCalls.isClientClosed(e)) {
        standing.failedWithin();
      }
      throw new Unavailable(connector.title() + ": " + e.getMessage(), e);
    } catch (IllegalStateException | Error e) {
      standing.failedWithin();
      throw e;
    }
  }

  private RuntimeException meaning(Call call, Answer answer, String header) {
    Verdict verdict = Verdict.of(call, answer, clock);
    return switch (verdict.meaning()) {
      case WAIT -> wait(verdict, answer);
      case LOCKED_OUT ->
          isRefusedForItself(call)
              ? rejected(call, answer, verdict)
              : lockedOutOrExpired(verdict, answer, header);
      case UNAVAILABLE -> new Unavailable(told(answer) + " to " + call.described());
      case GONE -> gone(call, answer, verdict);
      case EXISTS -> new Exists(answer);
      case REJECTED -> rejected(call, answer, verdict);
    };
  }

  /**
   * A look-up that does not accept the credentials though other calls accepted them since it last
   * refused them: the endpoint is closed to Lockstep's account, the credentials are right.
   */
  private boolean isRefusedForItself(Call call) {
    boolean otherwiseAccepted = standing.accepted();
    return connector.isLookup(call.name()) && !refusedLookups.add(call.name()) && otherwiseAccepted;
  }

  private RuntimeException lockedOutOrExpired(Verdict verdict, Answer answer, String header) {
    return credentials.refused(header) && standing.firstRefusal()
        ? new RetryLater(RENEWED_SOON, connector.title() + " wants a new access token")
        : lockedOut(verdict, answer);
  }

  private RuntimeException tokenRefused(Call call, Answer answer) {
    Verdict verdict = Verdict.of(call, answer, clock);
    return switch (verdict.meaning()) {
      case WAIT -> wait(verdict, answer);
      case UNAVAILABLE -> new Unavailable(told(answer) + " to a request for an access token");
      // OAuth servers refuse a client with 400 as well as with 401 (RFC 6749, section 5.2).
      case LOCKED_OUT, GONE, EXISTS, REJECTED -> lockedOut(verdict, answer);
    };
  }

  private RetryLater wait(Verdict verdict, Answer answer) {
    gate.hold(verdict.delay());
    return new RetryLater(verdict.delay(), told(answer) + ", wait " + verdict.delay());
  }

  /**
   * Wrong credentials are no fault of the record at hand: work waits, for every record, until a
   * person has mended them.
   */
  private RetryLater lockedOut(Verdict verdict, Answer answer) {
    gate.hold(verdict.delay());
    metrics.counter("lockstep.calls.locked.out", "system", connector.system()).increment();
    if (standing.lockedOut(verdict.advice())) {
      LOG.error(
          "{} does not accept Lockstep's credentials ({}): {} Work on it waits.",
          connector.title(),
          answer.status(),
          verdict.advice());
    }
    return new RetryLater(verdict.delay(), told(answer) + ". " + verdict.advice());
  }

  private static RuntimeException gone(Call call, Answer answer, Verdict verdict) {
    RecordRef ref = call.ref();
    return ref == null ? rejected(call, answer, verdict) : new Gone(ref);
  }

  static Rejected rejected(Call call, Answer answer, Verdict verdict) {
    return new Rejected(
        answer.status(),
        call.described(),
        Call.shortened(answer.text()),
        verdict.advice(),
        call.connector()
            .refusedFields()
            .named(answer.json(), call.connector().unwrapped(call.body())));
  }

  Rejected rejected(Call call, Answer answer, String advice) {
    return rejected(call, answer, new Verdict(Meaning.REJECTED, Duration.ZERO, advice));
  }

  ConnectorHealth.Health health() {
    return new ConnectorHealth.Health(
        connector.system(),
        connector.title(),
        gate.breakerState().name(),
        gate.heldUntil().isAfter(clock.instant()) ? gate.heldUntil() : null,
        standing.trouble(),
        standing.clientBroken());
  }

  private String told(Answer answer) {
    return connector.title() + " answered " + answer.status();
  }

  private static String outcome(RuntimeException e) {
    if (e instanceof RetryLater) {
      return "retry-later";
    }
    if (e instanceof Unavailable) {
      return "unavailable";
    }
    if (e instanceof Rejected) {
      return "rejected";
    }
    if (e instanceof Gone) {
      return "gone";
    }
    return e instanceof Exists ? "exists" : "failed";
  }
}
