package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.CallCounters;
import dev.lockstep.sandbox.Faults;
import dev.lockstep.sandbox.RestServer;
import dev.lockstep.sandbox.RestServer.Reply;
import dev.lockstep.sandbox.RestServer.Served;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The REST API: from a call to its answer, with what is to go wrong on the way. Thread-safe. */
final class RestApi implements RestServer.Api {

  private final PagerDutyOptions options;
  private final Routes routes;
  private final RateLimit rateLimit;
  private final CallCounters calls = new CallCounters();
  private final List<Consumer<Exchange>> listeners = new CopyOnWriteArrayList<>();

  RestApi(AccountState account, PagerDutyOptions options) {
    this.options = options;
    this.routes = new Routes(account);
    this.rateLimit = new RateLimit(options.clock(), options.requestsPerMinute());
  }

  CallCounters calls() {
    return calls;
  }

  void listen(Consumer<Exchange> listener) {
    listeners.add(listener);
  }

  @Override
  public Served serve(String method, String url, Map<String, List<String>> headers, String body) {
    HttpCall call = HttpCall.of(method, url, headers, body);
    Faults.Kind fault =
        options.faults().take(new Faults.Call(call.method(), call.path())).orElse(null);
    Served served = fault == null ? onTime(answer(call)) : disturbed(call, fault);
    Reply reply = served.reply();
    calls.count(call.method(), routes.templateOf(call), reply == null ? 0 : reply.status());
    listeners.forEach(listener -> listener.accept(exchange(call, reply)));
    return served;
  }

  private Served disturbed(HttpCall call, Faults.Kind fault) {
    return switch (fault) {
      case TOO_MANY_REQUESTS ->
          onTime(tooMany().with(RateLimit.exhausted(options.announcedWait())));
      case SERVICE_UNAVAILABLE -> onTime(Answer.unavailable());
      case FORBIDDEN ->
          onTime(
              Answer.error(
                  new PagerDutyException(403, 2010, "Access Denied", List.of("Forbidden"))));
      case DONE_BUT_FAILED -> {
        answer(call);
        yield onTime(Answer.error(internal()));
      }
      case RESET -> new Served(null, Duration.ZERO);
      case DONE_BUT_RESET -> {
        answer(call);
        yield new Served(null, Duration.ZERO);
      }
      case TIMEOUT -> new Served(answer(call).reply(), options.lateness());
      case WEBHOOK_LOST, WEBHOOK_TWICE, WEBHOOK_REORDERED -> onTime(answer(call));
    };
  }

  private Answer answer(HttpCall call) {
    if (!call.header("Authorization").equals(authorized())) {
      return Answer.error(new PagerDutyException(401, 2006, "Authentication failed", List.of()));
    }
    RateLimit.Verdict verdict = rateLimit.weigh();
    return (verdict.allowed() ? routed(call) : tooMany()).with(verdict.headers());
  }

  private Answer routed(HttpCall call) {
    try {
      return routes.answer(call);
    } catch (PagerDutyException refusal) {
      return Answer.error(refusal);
    }
  }

  private Optional<String> authorized() {
    return Optional.of("Token token=" + options.token());
  }

  private static Answer tooMany() {
    return Answer.error(new PagerDutyException(429, 2020, "Rate Limit Exceeded", List.of()));
  }

  private static PagerDutyException internal() {
    String message = "An internal error has occurred. PagerDuty team has been notified.";
    return new PagerDutyException(500, 2000, message, List.of());
  }

  private static Served onTime(Answer answer) {
    return new Served(answer.reply(), Duration.ZERO);
  }

  private static Exchange exchange(HttpCall call, @Nullable Reply reply) {
    return new Exchange(
        call.method(),
        call.url(),
        call.headers(),
        call.body(),
        reply == null ? 0 : reply.status(),
        reply == null ? Map.of() : reply.headers(),
        reply == null ? "" : reply.body());
  }
}
