package dev.lockstep.connector;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.connector.definition.KameletCall;
import dev.lockstep.ops.database.PostgresText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Calls Kamelets: sets their exchange variables, passes the body as UTF-8 JSON, and returns status,
 * headers and body, whichever component made the request.
 */
@Component
final class CamelHttpClient {
  private final CamelContext camel;
  private final ProducerTemplate producer;
  private final ResponseLimits limits;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<KameletCall, Endpoint> endpoints = new ConcurrentHashMap<>();

  CamelHttpClient(CamelContext camel, ProducerTemplate producer, ResponseLimits limits) {
    this.camel = camel;
    this.producer = producer;
    this.limits = limits;
  }

  /**
   * @param authorization value of the {@code Authorization} header
   * @throws SystemUnavailableException when no answer came
   * @throws OversizedAnswerException when the answer exceeds the size limit
   */
  ApiResponse call(
      KameletCall kamelet,
      Map<String, String> variables,
      @Nullable JsonNode body,
      String authorization) {
    Endpoint endpoint =
        endpoints.computeIfAbsent(kamelet, called -> camel.getEndpoint(called.uri()));
    Exchange exchange = endpoint.createExchange(ExchangePattern.InOut);
    exchange.getMessage().setBody(body == null ? null : bytes(body));
    exchange.setVariable("authorization", authorization);
    variables.forEach(exchange::setVariable);
    try (CxfCall cxf = CxfCall.open(authorization, limits)) {
      producer.send(endpoint, exchange);
      IOException broken = cxf.broken();
      if (broken != null) {
        throw failure(broken);
      }
      CxfCall.Response response = cxf.response();
      if (response != null) {
        return answer(
            response.status(),
            response.headers(),
            response.body().getBytes(StandardCharsets.UTF_8));
      }
      if (exchange.getException() != null) {
        throw failure(exchange.getException());
      }
      return answer(exchange, cxf.headers());
    }
  }

  private byte[] bytes(JsonNode body) {
    try {
      return json.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot be written as JSON", e);
    }
  }

  /**
   * @param hidden headers that the component did not put into the message
   */
  private ApiResponse answer(Exchange exchange, Map<String, String> hidden) {
    int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
    Map<String, String> headers = new HashMap<>(hidden);
    exchange
        .getMessage()
        .getHeaders()
        .forEach(
            (name, value) -> {
              if (value instanceof String text) {
                headers.put(name, text);
              } else if (value instanceof List<?> lines) {
                // Several lines of one header are one list (RFC 9110, section 5.3).
                headers.put(name, lines.stream().map(String::valueOf).collect(joining(", ")));
              }
            });
    Object body = exchange.getMessage().getBody();
    if (body instanceof JsonNode || body instanceof Iterable || body instanceof Map) {
      return new ApiResponse(status, headers, PostgresJson.removeNul(json.valueToTree(body)), "");
    }
    byte[] bytes = body == null ? new byte[0] : exchange.getMessage().getBody(byte[].class);
    return answer(status, headers, bytes == null ? new byte[0] : bytes);
  }

  private ApiResponse answer(int status, Map<String, String> headers, byte[] body) {
    String text = PostgresText.removeNul(new String(body, StandardCharsets.UTF_8));
    try {
      JsonNode tree = body.length == 0 ? null : json.readTree(body);
      return new ApiResponse(
          status,
          headers,
          tree == null ? MissingNode.getInstance() : PostgresJson.removeNul(tree),
          text);
    } catch (IOException e) {
      if (status >= 200 && status < 300) {
        // Typical of a hibernating developer instance, a login page or a proxy.
        throw new SystemUnavailableException(
            "Answered " + status + " with something that is not JSON: " + ApiCall.truncate(text));
      }
      return new ApiResponse(status, headers, MissingNode.getInstance(), text);
    }
  }

  private static RuntimeException failure(Exception exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        return new SystemUnavailableException("Interrupted while waiting for an answer", exception);
      }
      if (cause instanceof ResponseLimits.ResponseSizeException tooLarge) {
        return new OversizedAnswerException(tooLarge);
      }
    }
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || cause instanceof UnresolvedAddressException) {
        return new SystemUnavailableException("No answer: " + reason(cause), exception);
      }
    }
    return new IllegalStateException("A call failed within Lockstep", exception);
  }

  /**
   * Whether the JDK's HTTP client is unusable: its selector thread has ended, usually because of an
   * Error.
   */
  static boolean isClientClosed(SystemUnavailableException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("selector manager closed")) {
        return true;
      }
    }
    return false;
  }

  /** The answer exceeds the size limit; a request for less data may succeed. */
  static final class OversizedAnswerException extends RuntimeException {
    OversizedAnswerException(ResponseLimits.ResponseSizeException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** One line an operator can act on; the JDK's own messages are often empty. */
  private static String reason(Throwable failure) {
    String said = failure.getMessage() == null ? "" : ": " + failure.getMessage();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
        return "the name of its host can't be resolved (DNS)" + said;
      }
      if (cause instanceof SSLException) {
        return "no secure connection (TLS): " + cause.getMessage();
      }
      if (cause instanceof ResponseLimits.ResponseTimeoutException) {
        return String.valueOf(cause.getMessage());
      }
      if (cause instanceof SocketTimeoutException || cause instanceof HttpTimeoutException) {
        return "it took longer than the time limit" + said;
      }
    }
    // Last: an address that is not found may be the cause of one.
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        String why = cause.getMessage();
        return "no connection: " + (why == null ? "refused or unreachable" : why);
      }
    }
    return failure.getClass().getSimpleName() + said;
  }
}
