package dev.lockstep.sandbox.http;

import java.util.Map;
import java.util.Optional;

/**
 * What differs between the vendors' APIs beside their routes. Every method may be called by several
 * threads at once.
 *
 * @param <U> who calls
 */
public interface ApiRules<U> {

  /** Answers a call that needs no login; empty for all others. */
  default Optional<Response> beforeLogin(Request request) {
    return Optional.empty();
  }

  /**
   * @throws ApiException when the caller is not authenticated
   */
  U login(Request request);

  /** A refusal of a path that does not exist, or of a method it does not have. */
  ApiException notRouted(boolean knownPath);

  /** A 429 without the headers that state the limit. */
  Response tooManyRequests();

  /** The headers of every response that state the limit. */
  Map<String, String> limitHeaders(RateLimit.Quota quota);

  /** A 403: the account may not do this. */
  Response forbidden();

  /** A 500. */
  Response failed();

  /** The name a call is counted under. */
  default String countedAs(Request request, String template) {
    return template;
  }
}
