package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.util.ArrayList;
import java.util.List;

/** A server that answers what it is told and remembers what it was asked. */
final class FakeSystem implements AutoCloseable {
  private final WireMockServer server =
      new WireMockServer(
          WireMockConfiguration.options()
              .dynamicPort()
              .containerThreads(12)
              .asynchronousResponseEnabled(false));

  FakeSystem() {
    server.start();
  }

  int port() {
    return server.port();
  }

  void reset() {
    server.resetAll();
  }

  void answer(MappingBuilder request, ResponseDefinitionBuilder answer) {
    server.stubFor(request.willReturn(answer));
  }

  void answerAll(ResponseDefinitionBuilder answer) {
    answer(any(anyUrl()), answer);
  }

  /** Oldest first. */
  List<LoggedRequest> requests() {
    List<LoggedRequest> requests = new ArrayList<>();
    server
        .getAllServeEvents()
        .forEach(event -> requests.add(0, LoggedRequest.createFrom(event.getRequest())));
    return requests;
  }

  LoggedRequest onlyRequest() {
    List<LoggedRequest> requests = requests();
    if (requests.size() != 1) {
      throw new AssertionError("Expected one request but got " + requests);
    }
    return requests.get(0);
  }

  @Override
  public void close() {
    server.stop();
  }
}
