package dev.lockstep.sandbox;

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
public final class Receiver implements AutoCloseable {

  /**
   * @param eventType what its system calls what happened
   */
  public record Got(Map<String, String> headers, String body, JsonNode json, String eventType) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NEVER = 0;

  private final String system;
  private final String eventType;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ConcurrentLinkedDeque<Integer> answers = new ConcurrentLinkedDeque<>();
  private final List<Got> got = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param system whose webhooks come
   * @param eventType JSON pointer to where its payload says what happened
   */
  public Receiver(String system, String eventType) {
    this.system = system;
    this.eventType = eventType;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhooks/" + system);
  }

  /** What to answer next; afterwards 202 again. */
  public void answer(Integer... statuses) {
    answers.addAll(List.of(statuses));
  }

  /** The next one gets no answer. */
  public void stayQuietOnce() {
    answers.add(NEVER);
  }

  public synchronized List<Got> got() {
    return List.copyOf(got);
  }

  public List<String> eventTypes() {
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
      JsonNode json = JSON.readTree(body);
      String text = new String(body, StandardCharsets.UTF_8);
      got.add(new Got(headers, text, json, json.at(eventType).asText()));
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
