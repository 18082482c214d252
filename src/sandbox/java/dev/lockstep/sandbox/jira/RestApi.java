package dev.lockstep.sandbox.jira;

import dev.lockstep.sandbox.CallCounters;
import dev.lockstep.sandbox.Faults;
import dev.lockstep.sandbox.RestServer;
import dev.lockstep.sandbox.RestServer.Reply;
import dev.lockstep.sandbox.RestServer.Served;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The REST API: from a call to its answer, with what is to go wrong on the way. Thread-safe. */
final class RestApi implements RestServer.Api {

  private final JiraOptions options;
  private final Site site;
  private final Routes routes;
  private final RateLimit rateLimit;
  private final CallCounters calls = new CallCounters();
  private final List<Consumer<Exchange>> listeners = new CopyOnWriteArrayList<>();

  RestApi(JiraOptions options, Site site, Routes routes) {
    this.options = options;
    this.site = site;
    this.routes = routes;
    this.rateLimit = new RateLimit(options.clock, options.requestsPerMinute);
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
    String path = String.join("/", call.path());
    Faults.Kind fault = options.faults.take(new Faults.Call(call.method(), path)).orElse(null);
    Served served = fault == null ? onTime(answer(call)) : disturbed(call, fault);
    Reply reply = served.reply();
    calls.count(call.method(), routes.templateOf(call), reply == null ? 0 : reply.status());
    listeners.forEach(listener -> listener.accept(exchange(call, reply)));
    return served;
  }

  private Served disturbed(HttpCall call, Faults.Kind fault) {
    return switch (fault) {
      case TOO_MANY_REQUESTS -> onTime(tooMany().with(rateLimit.exhausted(options.announcedWait)));
      case SERVICE_UNAVAILABLE -> onTime(Answer.unavailable());
      case FORBIDDEN ->
          onTime(
              Answer.error(
                  new JiraException(
                      403, List.of("You do not have permission to do this."), Map.of())));
      case DONE_BUT_FAILED -> {
        answer(call);
        yield onTime(Answer.error(internal()));
      }
      case RESET -> new Served(null, Duration.ZERO);
      case DONE_BUT_RESET -> {
        answer(call);
        yield new Served(null, Duration.ZERO);
      }
      case TIMEOUT -> new Served(answer(call).reply(), options.lateness);
      case WEBHOOK_LOST, WEBHOOK_TWICE, WEBHOOK_REORDERED -> onTime(answer(call));
    };
  }

  private Answer answer(HttpCall call) {
    JiraUser caller = caller(call).orElse(null);
    if (caller == null) {
      String message = "Client must be authenticated to access this resource.";
      return Answer.error(new JiraException(401, List.of(message), Map.of()))
          .with(Map.of("WWW-Authenticate", "Basic realm=\"JIRA REST API\""));
    }
    RateLimit.Verdict verdict = rateLimit.weigh();
    return (verdict.allowed() ? routed(call, caller) : tooMany()).with(verdict.headers());
  }

  private Answer routed(HttpCall call, JiraUser caller) {
    try {
      return routes.answer(call, caller);
    } catch (JiraException refusal) {
      return Answer.error(refusal);
    }
  }

  /** "Basic auth for REST APIs": an e-mail address and an API token. */
  private Optional<JiraUser> caller(HttpCall call) {
    String header = call.header("Authorization").orElse("");
    if (!header.startsWith("Basic ")) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring("Basic ".length()).strip());
      String[] parts = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
      return parts.length == 2 && parts[1].equals(options.token)
          ? site.userByEmail(parts[0]).filter(JiraUser::active)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Answer tooMany() {
    return Answer.error(new JiraException(429, List.of("Rate limit exceeded."), Map.of()));
  }

  private static JiraException internal() {
    return new JiraException(500, List.of("Internal server error"), Map.of());
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
