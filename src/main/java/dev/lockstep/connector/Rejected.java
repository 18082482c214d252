package dev.lockstep.connector;

/** The system refused the call for good: repeating it can't help, a person must look. */
public sealed class Rejected extends RuntimeException permits Oversized {
  private final int status;
  private final String request;
  private final String answer;
  private final String advice;

  /**
   * @param status the HTTP status
   * @param request what was asked, without secrets, for example {@code PUT incident P123
   *     {"status":"resolved"}}
   * @param answer the body that came back, shortened to 2,000 characters
   * @param advice what a person can do about it, one sentence
   */
  public Rejected(int status, String request, String answer, String advice) {
    super(status + " for " + request + ": " + answer);
    this.status = status;
    this.request = request;
    this.answer = answer;
    this.advice = advice;
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
