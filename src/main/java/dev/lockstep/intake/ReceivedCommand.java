package dev.lockstep.intake;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person asked for in a chat, by a request whose signature was verified.
 *
 * @param deliveryId the same for a repeated request
 * @param sender the id of the person there; empty if it is somebody of another company
 * @param place the record in whose place it was asked, if it is one; it need not be known
 * @param text plain; persons who are mentioned in it are {@code @} and their id
 * @param button whether the person pressed a button instead of typing the text
 * @param answerTo the address for answers; anyone who knows it can write there
 */
public record ReceivedCommand(
    String system,
    String deliveryId,
    String sender,
    @Nullable RecordRef place,
    String text,
    boolean button,
    String answerTo,
    Instant receivedAt) {

  ReceivedCommand receivedAt(Instant at) {
    return new ReceivedCommand(system, deliveryId, sender, place, text, button, answerTo, at);
  }

  /** Without the address, which is a secret. */
  @Override
  public String toString() {
    return "command %s of %s/%s".formatted(deliveryId, system, sender);
  }
}
