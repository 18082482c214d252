package dev.lockstep.sandbox.http;

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

/** Accepts calls over HTTP on loopback. */
final class HttpListener implements AutoCloseable {

  private static final int THREADS = 48;

  /** No grace: a client repeats a call it lost, and must not meet a server that is half closed. */
  private static final long STOP_MILLIS = 0;

  private final WireMockServer server;

  /** Answers the calls. */
  interface Handler {

    /**
     * @param url path and query, as they were sent
     * @param headers by their names in lower case
     */
    ApiServer.Served serve(
        String method, String url, Map<String, List<String>> headers, String body);
  }

  /**
   * @param port 0 for any that is free
   */
  HttpListener(int port, Handler handler) {
    WireMockConfiguration configuration =
        WireMockConfiguration.options()
            .bindAddress("127.0.0.1")
            .containerThreads(THREADS)
            .jettyStopTimeout(STOP_MILLIS)
            // Late responses wait on a timer, so that they don't hold the threads of the others.
            .asynchronousResponseEnabled(true)
            .asynchronousResponseThreads(4)
            // Both would keep every request of a long run in memory.
            .disableRequestJournal()
            .stubRequestLoggingDisabled(true)
            .gzipDisabled(true)
            .notifier(new Slf4jNotifier(false))
            .extensions(new Answering(handler));
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

  /** Answers from what the simulated system holds instead of a stub. */
  private static final class Answering implements ResponseTransformerV2 {

    private static final String NAME = "simulated";

    private final Handler handler;

    private Answering(Handler handler) {
      this.handler = handler;
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
      ApiServer.Served served = served(event.getRequest());
      Response.Builder response = Response.Builder.like(blank).but();
      dev.lockstep.sandbox.http.Response answer = served.response();
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

    private ApiServer.Served served(Request request) {
      Map<String, List<String>> headers = new HashMap<>();
      for (HttpHeader header : request.getHeaders().all()) {
        headers.put(header.key().toLowerCase(Locale.ROOT), List.copyOf(header.values()));
      }
      return handler.serve(
          request.getMethod().getName(), request.getUrl(), headers, request.getBodyAsString());
    }
  }
}
