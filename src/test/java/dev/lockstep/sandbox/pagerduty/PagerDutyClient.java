package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls the simulator over real HTTP, as a customer's program would. */
final class PagerDutyClient {

  record Reply(int status, JsonNode json, HttpHeaders headers) {

    JsonNode error() {
      return json.path("error");
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final Map<String, String> headers = new LinkedHashMap<>();

  PagerDutyClient(String url, String token, String from) {
    this.url = url;
    headers.put("Authorization", "Token token=" + token);
    headers.put("Accept", "application/vnd.pagerduty+json;version=2");
    headers.put("Content-Type", "application/json");
    headers.put("From", from);
  }

  PagerDutyClient with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  PagerDutyClient without(String header) {
    headers.remove(header);
    return this;
  }

  Reply get(String path) {
    return call("GET", path, "");
  }

  Reply post(String path, String json) {
    return call("POST", path, json);
  }

  Reply put(String path, String json) {
    return call("PUT", path, json);
  }

  Reply call(String method, String path, String body) {
    try {
      return tryCall(method, path, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Reply tryCall(String method, String path, String body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      boolean json =
          response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
      return new Reply(
          response.statusCode(),
          json ? JSON.readTree(response.body()) : JSON.createObjectNode(),
          response.headers());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON may be written with single quotes here. */
  static String quoted(String text) {
    return text.replace('\'', '"');
  }
}
