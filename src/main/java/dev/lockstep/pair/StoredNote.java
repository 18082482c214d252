package dev.lockstep.pair;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import org.jspecify.annotations.Nullable;

/**
 * A note on its way to the other side.
 *
 * @param record where it was written; for a note of Lockstep's own, the record it is not for
 * @param sentAs how it is to appear on the other side; null while undecided
 * @param sentText the text to send; null while undecided
 * @param mark what it will be recognised by; null while undecided
 */
public record StoredNote(
    RecordRef record,
    WorkNote note,
    State state,
    @Nullable Visibility sentAs,
    @Nullable String sentText,
    @Nullable String mark) {

  /** Where a note is in its life. */
  public enum State {
    /** Heard of, undecided. */
    SEEN,
    /** To be sent. */
    READY,
    /** Being sent, or sent when the process died: it must be looked for before it is sent. */
    SENDING,
    /** It is on the other side. */
    CARRIED,
    /** It is a note Lockstep wrote, come back. */
    ECHO,
    /** The mapping does not carry its kind. */
    SKIPPED
  }
}
