package dev.lockstep.sandbox.servicenow;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.lockstep.sandbox.Faults;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The WireMock server in front of the instance. One stub takes every request; the faults that are
 * planned for it decide whether the instance sees it, and whether its answer gets back.
 */
final class HttpFront implements ResponseDefinitionTransformerV2 {
  private static final String NAME = "servicenow";

  private final ServiceNowOptions options;
  private final Faults faults;
  private final Clock clock;
  private final CallCounter counter;
  private final WireMockServer server;
  private volatile Function<Call, Answer> instance =
      call -> Answer.html(503, "<html><body>Starting</body></html>");

  HttpFront(ServiceNowOptions options, CallCounter counter) {
    this.options = options;
    this.faults = options.faults;
    this.clock = options.clock;
    this.counter = counter;
    this.server = new WireMockServer(configuration());
  }

  private WireMockConfiguration configuration() {
    WireMockConfiguration configuration =
        wireMockConfig()
            .bindAddress("127.0.0.1")
            .containerThreads(32)
            .jettyStopTimeout(200L)
            // Late answers wait on a timer, so that they don't hold the threads of the others.
            .asynchronousResponseEnabled(true)
            .asynchronousResponseThreads(4)
            // Both would keep every request of a long rehearsal in memory.
            .disableRequestJournal()
            .stubRequestLoggingDisabled(true)
            .gzipDisabled(true)
            .extensions(this);
    return options.port == 0 ? configuration.dynamicPort() : configuration.port(options.port);
  }

  void open() {
    server.start();
    server.stubFor(any(anyUrl()).willReturn(aResponse().withTransformers(NAME)));
  }

  void serve(Function<Call, Answer> answers) {
    instance = answers;
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  void close() {
    server.stop();
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public boolean applyGlobally() {
    return false;
  }

  @Override
  public ResponseDefinition transform(ServeEvent event) {
    Call call = call(event.getRequest());
    counter.met(call);
    Optional<Faults.Kind> fault = faults.take(new Faults.Call(call.method(), call.path()));
    return fault.isEmpty() ? built(instance.apply(call)).build() : faulty(fault.get(), call);
  }

  private ResponseDefinition faulty(Faults.Kind fault, Call call) {
    return switch (fault) {
      case TOO_MANY_REQUESTS -> built(tooMany()).build();
      case SERVICE_UNAVAILABLE -> built(unavailable()).build();
      case FORBIDDEN ->
          built(
                  Answer.error(
                      403,
                      "Operation against file was aborted by Business Rule or ACL",
                      "ACL Exception: insufficient rights to query records"))
              .build();
      case RESET -> aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER).build();
      case DONE_BUT_FAILED -> {
        Answer unused = instance.apply(call);
        yield built(Answer.error(500, "Transaction cancelled: maximum execution time exceeded", ""))
            .build();
      }
      case DONE_BUT_RESET -> {
        Answer unused = instance.apply(call);
        yield aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER).build();
      }
      case TIMEOUT ->
          built(instance.apply(call)).withFixedDelay((int) options.lateAnswer.toMillis()).build();
      case WEBHOOK_LOST, WEBHOOK_TWICE, WEBHOOK_REORDERED -> built(instance.apply(call)).build();
    };
  }

  private Answer tooMany() {
    Duration wait = options.retryAfter;
    return Answer.error(
            429,
            "Rate limit exceeded",
            "Rate limit of 100 requests per hour for Table API exceeded")
        .with("Retry-After", Long.toString(wait.toSeconds()))
        .with("X-RateLimit-Limit", "100")
        .with("X-RateLimit-Reset", Long.toString(clock.instant().plus(wait).getEpochSecond()))
        .with("X-RateLimit-Rule", "5f1b7a0c2b3c4d5e6f708192a3b4c5d6");
  }

  private static Answer unavailable() {
    return Answer.html(
        503,
        "<html><head><title>503 Service Unavailable</title></head>"
            + "<body><h1>Service Unavailable</h1></body></html>");
  }

  private static ResponseDefinitionBuilder built(Answer answer) {
    ResponseDefinitionBuilder response = aResponse().withStatus(answer.status());
    answer.headers().forEach(response::withHeader);
    return answer.body().isEmpty() ? response : response.withBody(answer.body());
  }

  private static Call call(Request request) {
    Map<String, String> headers = new HashMap<>();
    for (HttpHeader header : request.getHeaders().all()) {
      headers.put(header.key().toLowerCase(Locale.ROOT), header.firstValue());
    }
    String url = request.getUrl();
    int question = url.indexOf('?');
    return new Call(
        request.getMethod().getName(),
        question < 0 ? url : url.substring(0, question),
        question < 0 ? "" : url.substring(question + 1),
        headers,
        request.getBodyAsString());
  }
}
