package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import java.util.Set;

/** The system rejected the call: a retry cannot succeed, an operator must act. */
public sealed class RequestRejectedException extends RuntimeException
    permits ResponseTooLargeException {
  private final int status;
  private final String request;
  private final String answer;
  private final String advice;
  private final transient Set<String> fields;

  /**
   * @param status the HTTP status
   * @param request the request without secrets, for example {@code PUT incident P123
   *     {"status":"resolved"}}
   * @param answer the response body, truncated to 2,000 characters
   * @param advice what an operator can do, one sentence
   */
  public RequestRejectedException(int status, String request, String answer, String advice) {
    this(status, request, answer, advice, Set.of());
  }

  /**
   * @param fields paths in the record sent, without its wrapper, that the answer names as refused
   */
  public RequestRejectedException(
      int status, String request, String answer, String advice, Set<String> fields) {
    super(status + " for " + request + ": " + answer);
    this.status = status;
    this.request = request;
    this.answer = answer;
    this.advice = advice;
    this.fields = Set.copyOf(fields);
  }

  /** Paths in the record sent that the answer names as refused; empty if it names none. */
  public Set<String> fields() {
    return fields;
  }

  /** Whether the answer names a field as refused that this part of a record contains. */
  public boolean refusesFieldIn(JsonNode part) {
    return fields.stream().anyMatch(path -> !JsonPath.find(part, path).isMissingNode());
  }

  public int status() {
    return status;
  }

  public String request() {
    return request;
  }

  public String answer() {
    return answer;
  }

  public String advice() {
    return advice;
  }
}
