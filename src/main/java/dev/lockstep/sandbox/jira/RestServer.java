package dev.lockstep.sandbox.jira;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.common.Slf4jNotifier;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Serves the REST API over HTTP on loopback. */
final class RestServer implements AutoCloseable {

  private static final int THREADS = 48;
  private static final long STOP_MILLIS = 500;

  private final WireMockServer server;

  RestServer(int port, RestApi api) {
    WireMockConfiguration configuration =
        WireMockConfiguration.options()
            .bindAddress("127.0.0.1")
            .containerThreads(THREADS)
            .jettyStopTimeout(STOP_MILLIS)
            // A rehearsal makes many thousand calls; the counters remember enough of them.
            .disableRequestJournal()
            .stubRequestLoggingDisabled(true)
            .gzipDisabled(true)
            .notifier(new Slf4jNotifier(false))
            .extensions(new Answering(api));
    server = new WireMockServer(port == 0 ? configuration.dynamicPort() : configuration.port(port));
    server.start();
    server.stubFor(
        WireMock.any(WireMock.anyUrl())
            .willReturn(WireMock.aResponse().withTransformers(Answering.NAME)));
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  /** Answers from the site's state instead of a stub. */
  private static final class Answering implements ResponseTransformerV2 {

    private static final String NAME = "jira";

    private final RestApi api;

    private Answering(RestApi api) {
      this.api = api;
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
    public Response transform(Response blank, ServeEvent event) {
      RestApi.Served served = api.serve(callOf(event.getRequest()));
      Response.Builder response = Response.Builder.like(blank).but();
      Answer answer = served.answer();
      if (answer == null) {
        return response.fault(Fault.CONNECTION_RESET_BY_PEER).build();
      }
      List<HttpHeader> headers =
          answer.headers().entrySet().stream()
              .map(header -> new HttpHeader(header.getKey(), header.getValue()))
              .toList();
      return response
          .status(answer.status())
          .headers(new HttpHeaders(headers))
          .body(answer.body())
          .incrementInitialDelay(served.delay().toMillis())
          .build();
    }

    private static HttpCall callOf(Request request) {
      Map<String, List<String>> headers = new HashMap<>();
      for (HttpHeader header : request.getHeaders().all()) {
        headers.put(header.key().toLowerCase(Locale.ROOT), List.copyOf(header.values()));
      }
      return HttpCall.of(
          request.getMethod().getName(), request.getUrl(), headers, request.getBodyAsString());
    }
  }
}
