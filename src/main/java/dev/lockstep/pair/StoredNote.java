package dev.lockstep.pair;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A note on its way to the other side.
 *
 * @param record where it was written; for a note of Lockstep's own, the record it is not for
 * @param sentAs how it is to appear on the other side; null while undecided
 * @param sentText the text to send; null while undecided
 * @param mark the last paragraph of {@code sentText}; null while undecided
 * @param target the record it was last about to be sent to; null before that
 * @param sentAt when it was last about to be sent; null before that
 * @param carriedId its id on the other side; null until known
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

  /** Where a note is in its life. */
  public enum State {
    /** Found, undecided. */
    SEEN,
    /** To be sent. */
    READY,
    /** Being sent, or sent when the process died: it must be looked for before it is sent. */
    SENDING,
    /** It is on the other side. */
    SYNCED,
    /** The other side refused it, or does not show whether it arrived: an operator decides. */
    REFUSED,
    /** It is a note Lockstep wrote, come back. */
    ECHO,
    /** It is not sent: the mapping does not carry its kind, or an operator discarded it. */
    SKIPPED
  }
}
