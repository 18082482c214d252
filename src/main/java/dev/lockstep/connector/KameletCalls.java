package dev.lockstep.connector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Calls Kamelets: arguments go in as exchange variables and the body as UTF-8 JSON, status, headers
 * and body come out, whatever component made the call.
 */
final class KameletCalls {
  private final CamelContext camel;
  private final ProducerTemplate producer;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();

  KameletCalls(CamelContext camel, ProducerTemplate producer) {
    this.camel = camel;
    this.producer = producer;
  }

  /**
   * @param authorization value of the {@code Authorization} header
   * @throws Unavailable when no answer came
   */
  Answer call(
      String kamelet,
      Map<String, String> arguments,
      @Nullable JsonNode body,
      String authorization) {
    Endpoint endpoint =
        endpoints.computeIfAbsent(kamelet, name -> camel.getEndpoint("kamelet:" + name));
    Exchange exchange = endpoint.createExchange(ExchangePattern.InOut);
    exchange.getMessage().setBody(body == null ? null : bytes(body));
    exchange.setVariable("authorization", authorization);
    arguments.forEach(
        (name, value) -> {
          exchange.setVariable(name, value);
          exchange.setVariable(name + "Encoded", encoded(value));
        });
    try (CxfCall cxf = CxfCall.open(authorization)) {
      producer.send(endpoint, exchange);
      CxfCall.Heard heard = cxf.heard();
      if (heard != null) {
        return answer(
            heard.status(), heard.headers(), heard.body().getBytes(StandardCharsets.UTF_8));
      }
      if (exchange.getException() != null) {
        throw failure(exchange.getException());
      }
      return answer(exchange);
    }
  }

  /** For a part of a path as well as for a query: there a plus is a plus. */
  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private byte[] bytes(JsonNode body) {
    try {
      return json.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not to be written as JSON", e);
    }
  }

  private Answer answer(Exchange exchange) {
    int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
    Map<String, String> headers = new HashMap<>();
    exchange
        .getMessage()
        .getHeaders()
        .forEach(
            (name, value) -> {
              if (value instanceof String text) {
                headers.put(name, text);
              }
            });
    Object body = exchange.getMessage().getBody();
    if (body instanceof JsonNode || body instanceof Iterable || body instanceof Map) {
      return new Answer(status, headers, json.valueToTree(body), "");
    }
    byte[] bytes = body == null ? new byte[0] : exchange.getMessage().getBody(byte[].class);
    return answer(status, headers, bytes == null ? new byte[0] : bytes);
  }

  private Answer answer(int status, Map<String, String> headers, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    try {
      JsonNode tree = body.length == 0 ? null : json.readTree(body);
      return new Answer(status, headers, tree == null ? MissingNode.getInstance() : tree, text);
    } catch (IOException e) {
      if (status >= 200 && status < 300) {
        // A sleeping developer instance, a login page or a proxy answers so.
        throw new Unavailable(
            "Answered " + status + " with something that is no JSON: " + Call.shortened(text));
      }
      return new Answer(status, headers, MissingNode.getInstance(), text);
    }
  }

  private static RuntimeException failure(Exception exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        return new Unavailable("Interrupted while waiting for an answer", exception);
      }
      if (cause instanceof IOException) {
        return new Unavailable(
            "No answer: " + cause.getClass().getSimpleName() + ": " + cause.getMessage(),
            exception);
      }
    }
    return new IllegalStateException("A Kamelet failed before it made its call", exception);
  }
}
