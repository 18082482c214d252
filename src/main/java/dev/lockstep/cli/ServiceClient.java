package dev.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.cli.view.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Client of the HTTP API; every failure is a {@link CliException} with a one-line message. */
final class ServiceClient {
  private static final String JSON = "application/json, application/problem+json";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
  private final ObjectMapper mapper = new ObjectMapper();
  private final String url;
  private final String token;
  private final String user;

  /**
   * @param user of the operating system, for the audit, where the token is that of this machine;
   *     otherwise empty
   */
  ServiceClient(String url, String token, String user) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.token = token;
    this.user = user;
  }

  JsonNode get(String path) {
    return call("GET", path);
  }

  /** Requests {@code text/csv}. */
  String csv(String path) {
    return text(path, "text/csv");
  }

  /** Requests a document in the format that the path names. */
  String text(String path) {
    return text(path, "text/*, application/json");
  }

  private String text(String path, String accepted) {
    HttpResponse<String> response =
        send(request("GET", path, accepted + ", application/problem+json"));
    if (response.statusCode() / 100 != 2) {
      throw toException(response);
    }
    return Output.plain(response.body());
  }

  JsonNode post(String path) {
    return call("POST", path);
  }

  /** Passes on each line of a response as it arrives, unchanged. */
  void postForLines(String path, Consumer<String> lines) {
    HttpRequest request = request("POST", path, "application/x-ndjson, application/problem+json");
    try {
      HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
      try (Stream<String> body = response.body()) {
        if (response.statusCode() / 100 != 2) {
          throw toException(response.statusCode(), body.collect(Collectors.joining("\n")));
        }
        body.forEach(lines);
      }
    } catch (UncheckedIOException e) {
      throw new CliException(
          CliException.FAILED, "the response of " + url + " ended early; run it again");
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(CliException.FAILED, "interrupted");
    }
  }

  /**
   * Sends a document.
   *
   * @param contentType the media type
   */
  JsonNode post(String path, String contentType, byte[] document) {
    HttpRequest request =
        requestBuilder(path, JSON)
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofByteArray(document))
            .build();
    return parseResponse(send(request));
  }

  /** Sends a JSON object. */
  JsonNode post(String path, Map<String, String> body) {
    return post(path, "application/json", json(body));
  }

  /** Sends a JSON object. */
  JsonNode put(String path, Map<String, String> body) {
    HttpRequest request =
        requestBuilder(path, JSON)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofByteArray(json(body)))
            .build();
    return parseResponse(send(request));
  }

  private byte[] json(Map<String, String> body) {
    return mapper.valueToTree(body).toString().getBytes(StandardCharsets.UTF_8);
  }

  JsonNode delete(String path) {
    return call("DELETE", path);
  }

  /** Percent-encodes a path segment such as {@code #42}. */
  static String encodeSegment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode call(String method, String path) {
    return parseResponse(send(request(method, path, JSON)));
  }

  private JsonNode parseResponse(HttpResponse<String> response) {
    return switch (response.statusCode() / 100) {
      case 2 -> parse(response.body());
      default -> throw toException(response);
    };
  }

  private HttpRequest request(String method, String path, String accept) {
    return requestBuilder(path, accept).method(method, BodyPublishers.noBody()).build();
  }

  private HttpRequest.Builder requestBuilder(String path, String accept) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url + path))
              .timeout(RESPONSE_TIMEOUT)
              .header("Authorization", "Bearer " + token)
              .header("Accept", accept);
      return user.isEmpty() ? request : request.header("X-Lockstep-User", encodeSegment(user));
    } catch (IllegalArgumentException e) {
      throw new CliException(
          CliException.USAGE,
          "--url: " + url + " is not an HTTP URL; use for example http://localhost:8080");
    }
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(CliException.FAILED, "interrupted");
    }
  }

  private CliException unreachable(IOException e) {
    boolean answersWithoutTls = url.startsWith("https://") && !(e instanceof ConnectException);
    return new CliException(
        CliException.UNREACHABLE,
        answersWithoutTls
            ? url
                + " does not support TLS ("
                + e.getMessage()
                + "); use http:// for Lockstep's own port"
            : "no service is reachable at "
                + url
                + "; start it with `./lockstep run`, or set --url");
  }

  private CliException toException(HttpResponse<String> response) {
    return toException(response.statusCode(), response.body());
  }

  private CliException toException(int status, String body) {
    return switch (status) {
      case 400 -> new CliException(CliException.USAGE, detail(status, body));
      case 401 -> new CliException(CliException.FAILED, rejected(status, body));
      case 403 -> new CliException(CliException.FAILED, url + ": " + detail(status, body));
      case 503 ->
          new CliException(
              CliException.FAILED, url + " cannot reach its database; try again later");
      default -> new CliException(CliException.FAILED, detail(status, body));
    };
  }

  private String rejected(int status, String body) {
    String detail = detail(status, body);
    return detail.contains("expired")
        ? url + ": " + detail
        : url
            + " rejects the token; set --token, LOCKSTEP_API_TOKEN or the right"
            + " LOCKSTEP_DATA_DIR";
  }

  private String detail(int status, String body) {
    try {
      String detail = mapper.readTree(body).path("detail").asText("");
      if (!detail.isEmpty()) {
        return Output.plain(detail);
      }
    } catch (JsonProcessingException e) {
      // Not a problem+json of Lockstep.
    }
    return url + " answered " + status + "; is it Lockstep?";
  }

  private JsonNode parse(String body) {
    try {
      return Output.plain(mapper.readTree(body));
    } catch (JsonProcessingException e) {
      throw new CliException(CliException.FAILED, url + " did not return JSON; is it Lockstep?");
    }
  }
}
