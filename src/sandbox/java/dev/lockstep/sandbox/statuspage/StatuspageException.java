package dev.lockstep.sandbox.statuspage;

import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Response;

/** A refusal; its body is an {@code ErrorEntity}. */
public final class StatuspageException extends ApiException {
  private static final long serialVersionUID = 1L;

  StatuspageException(int status, String message) {
    super(status, message);
  }

  static StatuspageException invalid(String message) {
    return new StatuspageException(422, message);
  }

  static StatuspageException notFound() {
    return new StatuspageException(404, "The requested resource could not be found.");
  }

  @Override
  public Response response() {
    return Response.json(status(), Json.object().put("message", getMessage()));
  }
}
