package dev.lockstep.sandbox.servicenow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Response;

/** The instance refuses; over HTTP it is answered with this status and ServiceNow's error body. */
public final class ServiceNowException extends ApiException {
  private static final long serialVersionUID = 1L;

  private final String detail;

  ServiceNowException(int status, String message, String detail) {
    super(status, message);
    this.detail = detail;
  }

  static ServiceNowException noRecord() {
    return new ServiceNowException(
        404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval");
  }

  static ServiceNowException invalidTable(String table) {
    return new ServiceNowException(400, "Invalid table " + table, "");
  }

  static ServiceNowException byAcl(String operation) {
    return new ServiceNowException(
        403,
        "Operation Failed",
        "ACL Exception " + operation + " Failed due to security constraints");
  }

  static ServiceNowException byDataPolicy(String labels) {
    return new ServiceNowException(
        403,
        "Operation Failed",
        "Data Policy Exception: The following fields are mandatory: " + labels);
  }

  static ServiceNowException byBusinessRule(String table, String rule) {
    return new ServiceNowException(
        403,
        "Operation Failed",
        "Operation against file '" + table + "' was aborted by Business Rule '" + rule + "'");
  }

  /** The error's detail, as in the body's {@code error.detail}. */
  public String detail() {
    return detail;
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return detail.isEmpty() ? String.valueOf(message) : message + ": " + detail;
  }

  @Override
  public Response response() {
    ObjectNode body = Json.object();
    body.putObject("error").put("message", super.getMessage()).put("detail", detail);
    Response response = Response.json(status(), body.put("status", "failure"));
    return status() == 401
        ? response.with("WWW-Authenticate", "Basic realm=\"Service-now\"")
        : response;
  }
}
