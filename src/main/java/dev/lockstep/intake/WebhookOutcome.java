package dev.lockstep.intake;

import java.util.Locale;

/** Everything that can become of a webhook, with the status its sender is answered. */
enum WebhookOutcome {
  /** Its event is in the inbox. */
  ACCEPTED(202, "Accepted"),
  /** A type of event that changes nothing kept in step. */
  IGNORED(202, "Accepted"),
  /** A type of event {@code webhook.yaml} does not name. */
  UNKNOWN_EVENT(202, "Accepted"),
  /** Not understood; kept as a dead letter. */
  DEAD_LETTER(202, "Accepted"),
  BAD_SIGNATURE(401, "Signature missing or wrong"),
  NO_SECRET(401, "No secret configured"),
  UNKNOWN_SYSTEM(404, "No such webhook"),
  WRONG_METHOD(405, "Only POST is understood here"),
  TOO_LARGE(413, "Larger than 1 MiB"),
  /** The body did not arrive whole. */
  INCOMPLETE(503, "The body did not arrive"),
  /** The inbox could not take it; nothing was kept. */
  UNAVAILABLE(503, "Not taken in, send it again");

  private final int status;
  private final String title;

  WebhookOutcome(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** As metrics show it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean isRejected() {
    return status >= 300;
  }

  /** Whether sending the same again later can help. */
  boolean isTemporary() {
    return status == 503;
  }
}
