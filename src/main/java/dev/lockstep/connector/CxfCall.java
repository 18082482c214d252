package dev.lockstep.connector;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a component built on CXF hides past it, on the calling thread: the authorization in,
 * an unsuccessful answer out. Components that speak HTTP themselves leave it untouched.
 */
final class CxfCall implements AutoCloseable {
  /** CXF's synchronous client runs its interceptors on the thread that calls. */
  private static final ThreadLocal<CxfCall> CURRENT = new ThreadLocal<>();

  private final String authorization;
  private @Nullable Heard heard;

  /**
   * @param body as it came, whatever its type
   */
  record Heard(int status, Map<String, String> headers, String body) {}

  private CxfCall(String authorization) {
    this.authorization = authorization;
  }

  static CxfCall open(String authorization) {
    CxfCall call = new CxfCall(authorization);
    CURRENT.set(call);
    return call;
  }

  /** The call this thread is in the middle of; null when it did not come from a connector. */
  static @Nullable CxfCall current() {
    return CURRENT.get();
  }

  String authorization() {
    return authorization;
  }

  void hear(Heard answer) {
    this.heard = answer;
  }

  @Nullable Heard heard() {
    return heard;
  }

  @Override
  public void close() {
    CURRENT.remove();
  }
}
