package dev.lockstep.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;

/** The possible outcomes of a webhook, with the HTTP status of the response. */
enum WebhookOutcome {
  /** Its event is in the inbox. */
  ACCEPTED(202, "Accepted"),
  /** It was a question whether this address is right, and was answered. */
  CHALLENGED(200, "Answered"),
  /** A person asked for something; it is stored, and answered later. */
  COMMAND(200, "Accepted"),
  /** The event type affects nothing that is synced. */
  IGNORED(202, "Accepted"),
  /** The event type is not listed in {@code webhook.yaml}. */
  UNKNOWN_EVENT(202, "Accepted"),
  /** It could not be parsed or stored; it is a dead letter. */
  DEAD_LETTER(202, "Accepted"),
  BAD_SIGNATURE(401, "Signature missing or wrong"),
  NO_SECRET(401, "No secret configured"),
  UNKNOWN_SYSTEM(404, "No such webhook"),
  WRONG_METHOD(405, "Only POST is allowed"),
  TOO_LARGE(413, "Larger than 1 MiB"),
  /** The body did not arrive completely. */
  INCOMPLETE(503, "The body did not arrive"),
  /** The inbox could not store it; nothing was committed. */
  UNAVAILABLE(503, "Not stored, send it again");

  /** Of the body of a rejection. */
  static final String CONTENT_TYPE = "application/problem+json";

  /** Value of {@code Retry-After}; PagerDuty ignores it and uses its own schedule. */
  static final String RETRY_AFTER_SECONDS = "10";

  private final int status;
  private final String title;

  WebhookOutcome(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  /** The value of the metrics tag {@code outcome}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether sending the same request again later can succeed. */
  boolean isTemporary() {
    return status == 503;
  }

  /**
   * The body of a rejection.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
   */
  String toProblem(String detail) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "about:blank")
        .put("title", title)
        .put("status", status)
        .put("detail", detail)
        .toString();
  }
}
