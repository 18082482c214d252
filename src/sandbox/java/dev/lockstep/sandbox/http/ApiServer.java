package dev.lockstep.sandbox.http;

import static java.time.ZoneOffset.UTC;

import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves a simulated REST API on loopback: injects faults, logs in, limits the rate, routes and
 * counts. Thread-safe.
 *
 * @param <U> who calls
 */
public final class ApiServer<U> implements AutoCloseable {

  /**
   * How an API is served.
   *
   * @param port 0 for any free one
   * @param announcedWait what an injected 429 asks for, whole seconds
   * @param lateness how long an injected {@link Faults.Kind#TIMEOUT} holds the response back
   * @param clock the system's, which each response states (RFC 9110, section 6.6.1)
   */
  public record Setup(
      int port,
      Faults faults,
      RateLimit rateLimit,
      Duration announcedWait,
      Duration lateness,
      Clock clock) {}

  /**
   * @param response null to reset the connection
   * @param delay before anything is sent
   */
  record Served(@Nullable Response response, Duration delay) {}

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(UTC);

  private final Setup setup;
  private final ApiRules<U> rules;
  private final Router<U> router;
  private final CallCounters calls;
  private final List<Consumer<Exchange>> listeners = new CopyOnWriteArrayList<>();
  private final HttpListener listener;

  /** Starts serving. */
  public ApiServer(Setup setup, ApiRules<U> rules, Router<U> router, CallCounters calls) {
    this.setup = setup;
    this.rules = rules;
    this.router = router;
    this.calls = calls;
    this.listener = new HttpListener(setup.port(), this::serve);
  }

  public int port() {
    return listener.port();
  }

  /** Where it answers, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Reports every call and its response, in the thread that serves it. */
  public void onExchange(Consumer<Exchange> consumer) {
    listeners.add(consumer);
  }

  @Override
  public void close() {
    listener.close();
  }

  private Served serve(String method, String url, Map<String, List<String>> headers, String body) {
    Request request = Request.of(method, url, headers, body);
    Faults.Call call = new Faults.Call(method, request.fullPath());
    Faults.Kind fault = setup.faults().take(call).orElse(null);
    Served served = dated(fault == null ? onTime(answer(request)) : disturbed(request, fault));
    Response response = served.response();
    calls.count(
        method,
        rules.countedAs(request, router.templateOf(request)),
        response == null ? 0 : response.status());
    listeners.forEach(each -> each.accept(Exchange.of(request, response)));
    return served;
  }

  private Served dated(Served served) {
    Response response = served.response();
    String now = DATE.format(setup.clock().instant());
    return response == null ? served : new Served(response.with("Date", now), served.delay());
  }

  private Served disturbed(Request request, Faults.Kind fault) {
    return switch (fault) {
      case TOO_MANY_REQUESTS -> onTime(tooMany(setup.rateLimit().exhausted(setup.announcedWait())));
      case SERVICE_UNAVAILABLE -> onTime(Response.unavailable());
      case FORBIDDEN -> onTime(rules.forbidden());
      case RESET -> new Served(null, Duration.ZERO);
      case DONE_BUT_FAILED -> {
        answer(request);
        yield onTime(rules.failed());
      }
      case DONE_BUT_RESET -> {
        answer(request);
        yield new Served(null, Duration.ZERO);
      }
      case TIMEOUT -> new Served(answer(request), setup.lateness());
      case WEBHOOK_LOST, WEBHOOK_TWICE, WEBHOOK_REORDERED -> onTime(answer(request));
    };
  }

  private Response answer(Request request) {
    try {
      Optional<Response> early = rules.beforeLogin(request);
      return early.isPresent() ? early.get() : limited(request, rules.login(request));
    } catch (ApiException refusal) {
      return refusal.response();
    }
  }

  private Response limited(Request request, U caller) {
    RateLimit.Quota quota = setup.rateLimit().count();
    return quota.allowed()
        ? routed(request, caller).with(rules.limitHeaders(quota))
        : tooMany(quota);
  }

  private Response routed(Request request, U caller) {
    try {
      return router.answer(request, caller, rules);
    } catch (ApiException refusal) {
      return refusal.response();
    }
  }

  private Response tooMany(RateLimit.Quota quota) {
    return rules.tooManyRequests().with(rules.limitHeaders(quota));
  }

  private static Served onTime(Response response) {
    return new Served(response, Duration.ZERO);
  }
}
