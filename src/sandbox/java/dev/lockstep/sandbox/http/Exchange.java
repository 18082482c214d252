package dev.lockstep.sandbox.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call over HTTP as it was on the wire, for checking against the vendor's OpenAPI document.
 *
 * @param url path and query, as sent
 * @param requestHeaders names in lower case
 * @param status 0 when the connection was reset instead of answered
 */
public record Exchange(
    String method,
    String url,
    Map<String, List<String>> requestHeaders,
    String requestBody,
    int status,
    Map<String, String> responseHeaders,
    String responseBody) {

  static Exchange of(Request request, @Nullable Response response) {
    return new Exchange(
        request.method(),
        request.url(),
        request.headers(),
        request.body(),
        response == null ? 0 : response.status(),
        response == null ? Map.of() : response.headers(),
        response == null ? "" : response.body());
  }
}
