package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Response;
import java.util.UUID;

/** A refusal, in the shape of "Errors" in the API reference. Acting in process throws it too. */
public final class IncidentIoException extends ApiException {

  private static final long serialVersionUID = 1L;
  private static final int INVALID = 422;

  private final String type;
  private final String code;
  private final String field;

  private IncidentIoException(int status, String type, String code, String message, String field) {
    super(status, message);
    this.type = type;
    this.code = code;
    this.field = field;
  }

  /**
   * @param field of the request body, or the query parameter
   */
  static IncidentIoException invalid(String field, String message) {
    return new IncidentIoException(INVALID, "validation_error", "invalid_value", message, field);
  }

  static IncidentIoException missing(String field) {
    return new IncidentIoException(
        INVALID, "validation_error", "missing_field", field + " is required", field);
  }

  static IncidentIoException notFound() {
    return new IncidentIoException(404, "not_found", "not_found", "Not found", "");
  }

  static IncidentIoException unauthenticated() {
    return new IncidentIoException(
        401, "authentication_error", "unauthenticated", "The API key is not valid", "");
  }

  static IncidentIoException forbidden(String role) {
    return new IncidentIoException(
        403, "authorization_error", "forbidden", "The API key lacks the permission " + role, "");
  }

  static IncidentIoException internal() {
    return new IncidentIoException(500, "internal_error", "internal", "Something went wrong", "");
  }

  /** The field that the refusal names; empty for none. */
  public String field() {
    return field;
  }

  @Override
  public Response response() {
    ObjectNode json =
        Json.object()
            .put("type", type)
            .put("status", status())
            .put("request_id", UUID.randomUUID().toString());
    ObjectNode error =
        json.putArray("errors").addObject().put("code", code).put("message", getMessage());
    if (!field.isEmpty()) {
      error.putObject("source").put("field", field);
    }
    return Response.json(status(), json);
  }
}
