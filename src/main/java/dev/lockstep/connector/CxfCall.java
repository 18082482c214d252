package dev.lockstep.connector;

import java.io.IOException;
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
  private final ResponseLimits.Deadline watch;
  private @Nullable Response heard;
  private Map<String, String> headers = Map.of();
  private @Nullable IOException broken;

  /**
   * @param body as it came, whatever its type
   */
  record Response(int status, Map<String, String> headers, String body) {}

  private CxfCall(String authorization, ResponseLimits.Deadline watch) {
    this.authorization = authorization;
    this.watch = watch;
  }

  static CxfCall open(String authorization, ResponseLimits limits) {
    CxfCall call = new CxfCall(authorization, limits.startDeadline());
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

  ResponseLimits.Deadline watch() {
    return watch;
  }

  /** The headers of any answer, which such components show to nobody. */
  Map<String, String> headers() {
    return headers;
  }

  void recordHeaders(Map<String, String> answerHeaders) {
    this.headers = answerHeaders;
  }

  /** The answer could not be read to its end. */
  void breakOff(IOException e) {
    this.broken = e;
  }

  @Nullable IOException broken() {
    return broken;
  }

  void recordResponse(Response answer) {
    this.heard = answer;
  }

  @Nullable Response response() {
    return heard;
  }

  @Override
  public void close() {
    watch.close();
    CURRENT.remove();
  }
}
