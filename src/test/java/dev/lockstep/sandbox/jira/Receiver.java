package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** An endpoint for webhooks that answers as it is told and keeps what it got. */
final class Receiver implements AutoCloseable {

  record Got(Map<String, String> headers, String body, JsonNode json) {

    String eventType() {
      return json.at("/webhookEvent").asText();
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NEVER = 0;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ConcurrentLinkedDeque<Integer> answers = new ConcurrentLinkedDeque<>();
  private final List<Got> got = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhooks/jira");
  }

  /** What to answer next; afterwards 202 again. */
  void answer(Integer... statuses) {
    answers.addAll(List.of(statuses));
  }

  /** The next one gets no answer. */
  void stayQuietOnce() {
    answers.add(NEVER);
  }

  synchronized List<Got> got() {
    return List.copyOf(got);
  }

  List<String> eventTypes() {
    return got().stream().map(Got::eventType).toList();
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Map<String, String> headers =
        exchange.getRequestHeaders().entrySet().stream()
            .collect(
                Collectors.toMap(
                    header -> header.getKey().toLowerCase(Locale.ROOT),
                    header -> header.getValue().get(0)));
    synchronized (this) {
      got.add(new Got(headers, new String(body, StandardCharsets.UTF_8), JSON.readTree(body)));
    }
    Integer status = answers.poll();
    if (status != null && status == NEVER) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.sendResponseHeaders(status == null || status == NEVER ? 202 : status, -1);
    exchange.close();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
