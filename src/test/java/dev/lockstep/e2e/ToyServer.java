package dev.lockstep.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A ticket system nobody has: it holds tickets and comments, and sends no webhooks. */
final class ToyServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Map<String, ObjectNode> tickets = new LinkedHashMap<>();
  private final Map<String, ArrayNode> comments = new LinkedHashMap<>();

  ToyServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  synchronized List<ObjectNode> tickets() {
    return tickets.values().stream().map(ObjectNode::deepCopy).toList();
  }

  synchronized List<String> comments(String id) {
    List<String> texts = new ArrayList<>();
    comments.get(id).forEach(comment -> texts.add(comment.path("text").asText()));
    return texts;
  }

  /** A person edits a ticket. */
  synchronized void edit(String id, Map<String, String> fields) {
    ObjectNode ticket = tickets.get(id);
    fields.forEach(ticket::put);
    touch(ticket);
  }

  private void touch(ObjectNode ticket) {
    ticket.put("revision", ticket.path("revision").asLong() + 1);
    ticket.put("changed", Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS).toString());
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    JsonNode body = sent.length == 0 ? JSON.createObjectNode() : JSON.readTree(sent);
    JsonNode answer = answer(exchange, body);
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.isMissingNode() ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized JsonNode answer(HttpExchange exchange, JsonNode body) {
    String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
    String id = path[0];
    boolean writes = !exchange.getRequestMethod().equals("GET");
    if (id.isEmpty()) {
      return writes ? create(body) : find(exchange.getRequestURI().getQuery());
    }
    if (id.equals("changed")) {
      ObjectNode page = JSON.createObjectNode().put("more", false);
      page.putArray("tickets").addAll(tickets());
      return page;
    }
    ObjectNode ticket = tickets.get(id);
    if (ticket == null) {
      return JSON.missingNode();
    }
    if (path.length > 1) {
      return writes ? comment(id, body) : JSON.createObjectNode().set("comments", comments.get(id));
    }
    if (writes) {
      ticket.setAll((ObjectNode) body);
      touch(ticket);
    }
    return ticket.deepCopy();
  }

  private JsonNode create(JsonNode body) {
    String id = "t" + (tickets.size() + 1);
    ObjectNode ticket = JSON.createObjectNode().put("id", id).put("number", tickets.size() + 1);
    ticket.put("state", "open");
    ticket.setAll((ObjectNode) body);
    touch(ticket);
    tickets.put(id, ticket);
    comments.put(id, JSON.createArrayNode());
    return ticket.deepCopy();
  }

  private JsonNode find(String query) {
    ArrayNode found = JSON.createArrayNode();
    tickets.values().stream()
        .filter(ticket -> query.equals("far=" + ticket.path("far").asText()))
        .forEach(found::add);
    return found;
  }

  private JsonNode comment(String id, JsonNode body) {
    ObjectNode comment = JSON.createObjectNode().put("id", id + "-" + comments.get(id).size());
    comment.put("by", "toy").put("at", Clock.systemUTC().instant().toString());
    comment.setAll((ObjectNode) body);
    comments.get(id).add(comment);
    return comment;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
