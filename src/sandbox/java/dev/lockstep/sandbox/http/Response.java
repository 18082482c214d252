package dev.lockstep.sandbox.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** The response to a call. */
public record Response(int status, Map<String, String> headers, String body) {

  public static Response ok(Object json) {
    return json(200, json);
  }

  /**
   * @param json a JSON node, or anything Jackson can write
   */
  public static Response json(int status, Object json) {
    return new Response(
        status, Map.of("Content-Type", "application/json;charset=UTF-8"), Json.write(json));
  }

  public static Response html(int status, String html) {
    return new Response(status, Map.of("Content-Type", "text/html;charset=UTF-8"), html);
  }

  public static Response empty(int status) {
    return new Response(status, Map.of(), "");
  }

  /** A load balancer in front of an API knows nothing of its error bodies. */
  static Response unavailable() {
    return new Response(
        503,
        Map.of("Content-Type", "text/html"),
        "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>");
  }

  public Response with(String header, String value) {
    return with(Map.of(header, value));
  }

  public Response with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Response(status, all, body);
  }
}
