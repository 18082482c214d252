package dev.lockstep.sandbox.http;

/**
 * A simulated system refuses a call. Acting in-process throws it too: the rules are the same. Each
 * vendor has its own subclass, which knows the vendor's error body.
 */
public abstract class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  protected ApiException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status of the response. */
  public int status() {
    return status;
  }

  /** The response, with the vendor's error body. */
  public abstract Response response();
}
