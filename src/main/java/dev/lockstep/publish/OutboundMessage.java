package dev.lockstep.publish;

import java.time.Instant;
import java.util.UUID;

/**
 * A message to one recipient.
 *
 * @param id identifies it to its readers, too: a repeated message has the same
 * @param channel the name of its channel
 * @param kind of the channel
 * @param recipient empty if the channel is one place
 * @param title one line
 * @param link the web address of what it is about; empty for none
 */
public record OutboundMessage(
    UUID id,
    String channel,
    String kind,
    String recipient,
    String title,
    String text,
    String link,
    Instant createdAt) {

  /** For operators, as the request that failed. */
  String describe() {
    return recipient.isEmpty()
        ? "message to the channel %s: %s".formatted(channel, title)
        : "message to %s: %s".formatted(recipient, title);
  }
}
