package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Response;
import java.util.List;

/**
 * A refusal, in the words of "Errors" in PagerDuty's REST documentation. Acting in process throws
 * it too: the rules are the same.
 */
public final class PagerDutyException extends ApiException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final transient List<String> errors;

  PagerDutyException(int status, int code, String message, List<String> errors) {
    super(status, message);
    this.code = code;
    this.errors = List.copyOf(errors);
  }

  static PagerDutyException invalid(String... errors) {
    return new PagerDutyException(400, 2001, "Invalid Input Provided", List.of(errors));
  }

  static PagerDutyException refused(int code, String message) {
    return new PagerDutyException(400, code, message, List.of(message));
  }

  static PagerDutyException notFound() {
    return new PagerDutyException(404, 2100, "Not Found", List.of());
  }

  /** PagerDuty's own number for it. */
  public int code() {
    return code;
  }

  /** What in particular is wrong. */
  public List<String> errors() {
    return errors;
  }

  @Override
  public Response response() {
    ObjectNode json = Json.object();
    ObjectNode details = json.putObject("error").put("message", getMessage()).put("code", code);
    if (!errors.isEmpty()) {
      errors.forEach(details.putArray("errors")::add);
    }
    return Response.json(status(), json);
  }
}
