package dev.lockstep.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * The response body of a rejected webhook.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
final class WebhookProblem {
  static final String CONTENT_TYPE = "application/problem+json";

  /** Value of {@code Retry-After}; PagerDuty ignores it and uses its own schedule. */
  static final String RETRY_AFTER_SECONDS = "10";

  private WebhookProblem() {}

  static String toJson(WebhookOutcome outcome, String detail) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "about:blank")
        .put("title", outcome.title())
        .put("status", outcome.status())
        .put("detail", detail)
        .toString();
  }
}
