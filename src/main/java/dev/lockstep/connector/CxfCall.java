package dev.lockstep.connector;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Thread-bound side channel for components built on CXF: passes the authorization in and an error
 * answer, which such components hide, out. Components with their own HTTP client do not use it.
 */
final class CxfCall implements AutoCloseable {
  /** CXF's synchronous client runs its interceptors on the calling thread. */
  private static final ThreadLocal<CxfCall> CURRENT = new ThreadLocal<>();

  private final String authorization;
  private final ResponseLimits.Deadline watch;
  private @Nullable Response response;
  private Map<String, String> headers = Map.of();
  private @Nullable IOException broken;

  /**
   * @param body as received, of any type
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

  /** The current call of this thread; null outside connector calls. */
  static @Nullable CxfCall current() {
    return CURRENT.get();
  }

  String authorization() {
    return authorization;
  }

  ResponseLimits.Deadline watch() {
    return watch;
  }

  /** The headers of an answer, which such components do not expose. */
  Map<String, String> headers() {
    return headers;
  }

  void recordHeaders(Map<String, String> answerHeaders) {
    this.headers = answerHeaders;
  }

  /** The answer could not be read completely. */
  void breakOff(IOException e) {
    this.broken = e;
  }

  @Nullable IOException broken() {
    return broken;
  }

  void recordResponse(Response answer) {
    this.response = answer;
  }

  @Nullable Response response() {
    return response;
  }

  @Override
  public void close() {
    watch.close();
    CURRENT.remove();
  }
}
