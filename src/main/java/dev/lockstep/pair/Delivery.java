package dev.lockstep.pair;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A note on its way to one record.
 *
 * @param sentAs visibility on the target
 * @param text the text to send
 * @param mark Lockstep's mark: in the last paragraph of {@code text}, unless it is written without;
 *     names the text while it waits
 * @param sentAt when the last attempt to send it began; null before that
 * @param sentId its id on the target; null until known
 * @param retried an operator decided that it is to be sent, whatever became of its pair
 * @param waitingSince when it began to wait for an approval, also after that; null if it never did
 */
public record Delivery(
    RecordRef target,
    State state,
    Visibility sentAs,
    String text,
    String mark,
    @Nullable Instant sentAt,
    @Nullable String sentId,
    boolean retried,
    @Nullable Instant waitingSince) {

  /** The lifecycle of a delivery. */
  public enum State {
    /** Waits until an operator approves or rejects its text. */
    WAITING,
    /** To be sent. */
    READY,
    /**
     * Being sent, or the process died while sending: it is searched for before it is sent again.
     */
    SENDING,
    /** Delivered. */
    SENT,
    /** The system refused it, or does not show whether it was delivered: an operator decides. */
    REFUSED,
    /** Not sent: the mapping does not sync its kind, or an operator rejected or discarded it. */
    SKIPPED;

    /** Whether nothing more happens to it. */
    public boolean isFinal() {
      return this == SENT || this == SKIPPED;
    }

    /** Whether nothing happens to it before an operator decides. */
    public boolean needsDecision() {
      return this == WAITING || this == REFUSED;
    }
  }
}
