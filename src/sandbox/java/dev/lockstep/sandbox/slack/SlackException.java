package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Response;
import java.time.Duration;
import java.util.Map;

/**
 * A refusal: {@code ok: false} and the name of the error, with status 200 ("Evaluating responses"),
 * or 429 where there were too many calls ("Rate limits"). Acting in process throws it too: the
 * rules are the same.
 */
public final class SlackException extends ApiException {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, String> details;
  private final transient Map<String, String> headers;

  private SlackException(
      int status, String error, Map<String, String> details, Map<String, String> headers) {
    super(status, error);
    this.details = Map.copyOf(details);
    this.headers = Map.copyOf(headers);
  }

  SlackException(String error) {
    this(200, error, Map.of(), Map.of());
  }

  static SlackException missingScope(String needed, String provided) {
    return new SlackException(
        200, "missing_scope", Map.of("needed", needed, "provided", provided), Map.of());
  }

  static SlackException rateLimited(Duration wait) {
    return new SlackException(
        429,
        "ratelimited",
        Map.of(),
        Map.of("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))));
  }

  /** Slack's name of it, such as {@code name_taken}. */
  public String error() {
    return String.valueOf(getMessage());
  }

  @Override
  public Response response() {
    ObjectNode json = Json.object().put("ok", false).put("error", error());
    details.forEach(json::put);
    return Response.json(status(), json).with(headers);
  }
}
