package dev.lockstep.pair;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A note and its way to the other side.
 *
 * @param record where it was written; for a note written by Lockstep, the record that is not its
 *     target
 * @param sentAs visibility on the other side; null while undecided
 * @param sentText the text to send; null while undecided
 * @param mark the last paragraph of {@code sentText}; null while undecided
 * @param target the record of the last send attempt; null before that
 * @param sentAt when the last send attempt began; null before that
 * @param syncedId its id on the other side; null until known
 */
public record StoredNote(
    RecordRef record,
    WorkNote note,
    State state,
    @Nullable Visibility sentAs,
    @Nullable String sentText,
    @Nullable String mark,
    @Nullable RecordRef target,
    @Nullable Instant sentAt,
    @Nullable String syncedId) {

  /** The lifecycle of a note. */
  public enum State {
    /** Received, undecided. */
    SEEN,
    /** To be sent. */
    READY,
    /**
     * Being sent, or the process died while sending: it is searched for before it is sent again.
     */
    SENDING,
    /** Delivered to the other side. */
    SYNCED,
    /**
     * The other side refused it, or does not show whether it was delivered: an operator decides.
     */
    REFUSED,
    /** Written by Lockstep and received back. */
    ECHO,
    /** Not sent: the mapping does not sync its kind, or an operator discarded it. */
    SKIPPED
  }
}
