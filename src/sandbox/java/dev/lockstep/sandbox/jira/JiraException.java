package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Response;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A refusal, as {@code ErrorCollection} in Jira's OpenAPI document. Acting in process throws it
 * too: the rules are the same.
 */
public final class JiraException extends ApiException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> errorMessages;
  private final transient Map<String, String> errors;

  JiraException(int status, List<String> errorMessages, Map<String, String> errors) {
    super(status, status + " " + errorMessages + " " + errors);
    this.errorMessages = List.copyOf(errorMessages);
    this.errors = new TreeMap<>(errors);
  }

  static JiraException badRequest(String message) {
    return new JiraException(400, List.of(message), Map.of());
  }

  static JiraException field(String field, String message) {
    return new JiraException(400, List.of(), Map.of(field, message));
  }

  static JiraException fields(Map<String, String> errors) {
    return new JiraException(400, List.of(), errors);
  }

  static JiraException notFound(String message) {
    return new JiraException(404, List.of(message), Map.of());
  }

  static JiraException noIssue() {
    return notFound("Issue does not exist or you do not have permission to see it.");
  }

  /** What is wrong with the request as a whole. */
  public List<String> errorMessages() {
    return errorMessages;
  }

  /** What is wrong with single fields. */
  public Map<String, String> errors() {
    return errors;
  }

  @Override
  public Response response() {
    ObjectNode json = Json.object();
    errorMessages.forEach(json.putArray("errorMessages")::add);
    errors.forEach(json.putObject("errors")::put);
    Response response = Response.json(status(), json);
    return status() == 401
        ? response.with("WWW-Authenticate", "Basic realm=\"JIRA REST API\"")
        : response;
  }
}
