package dev.lockstep.sandbox.pagerduty;

import java.util.List;

/**
 * A refusal, in the words of "Errors" in PagerDuty's REST documentation. Acting in process throws
 * it too: the rules are the same.
 */
public final class PagerDutyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final int code;
  private final transient List<String> errors;

  PagerDutyException(int status, int code, String message, List<String> errors) {
    super(message);
    this.status = status;
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

  /** The HTTP status it is answered with. */
  public int status() {
    return status;
  }

  /** PagerDuty's own number for it. */
  public int code() {
    return code;
  }

  /** What in particular is wrong. */
  public List<String> errors() {
    return errors;
  }
}
