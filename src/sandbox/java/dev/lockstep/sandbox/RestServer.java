package dev.lockstep.sandbox;

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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves a simulated REST API over HTTP on loopback. */
public final class RestServer implements AutoCloseable {

  private static final int THREADS = 48;
  private static final long STOP_MILLIS = 500;

  private final WireMockServer server;

  /** What answers the calls. */
  public interface Api {
    /**
     * @param url path and query, as they were sent
     * @param headers by their names in lower case
     */
    Served serve(String method, String url, Map<String, List<String>> headers, String body);
  }

  /** What a call is answered with. */
  public record Reply(int status, Map<String, String> headers, String body) {}

  /**
   * @param reply null to break the connection
   * @param delay before anything is sent
   */
  public record Served(@Nullable Reply reply, Duration delay) {}

  /**
   * @param port 0 for any that is free
   */
  public RestServer(int port, Api api) {
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

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  /** Answers from what the simulated system holds instead of a stub. */
  private static final class Answering implements ResponseTransformerV2 {

    private static final String NAME = "simulated";

    private final Api api;

    private Answering(Api api) {
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
      Served served = served(event.getRequest());
      Response.Builder response = Response.Builder.like(blank).but();
      Reply reply = served.reply();
      if (reply == null) {
        return response.fault(Fault.CONNECTION_RESET_BY_PEER).build();
      }
      List<HttpHeader> headers =
          reply.headers().entrySet().stream()
              .map(header -> new HttpHeader(header.getKey(), header.getValue()))
              .toList();
      return response
          .status(reply.status())
          .headers(new HttpHeaders(headers))
          .body(reply.body())
          .incrementInitialDelay(served.delay().toMillis())
          .build();
    }

    private Served served(Request request) {
      Map<String, List<String>> headers = new HashMap<>();
      for (HttpHeader header : request.getHeaders().all()) {
        headers.put(header.key().toLowerCase(Locale.ROOT), List.copyOf(header.values()));
      }
      return api.serve(
          request.getMethod().getName(), request.getUrl(), headers, request.getBodyAsString());
    }
  }
}
