package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.Map;
import java.util.Optional;

/** Which notes are synced, with which visibility, and which of them an operator approves before. */
public interface NotePolicy {

  /** Which notes wait for an operator's approval; each includes those before it. */
  enum Approval {
    NEVER,
    /** Those to a record that has not received an approved one yet. */
    FIRST,
    ALWAYS
  }

  /** The visibility on the other side of a note of side {@code from}; empty: it is not synced. */
  Optional<Visibility> targetVisibility(Side from, Visibility visibility);

  /**
   * Whether such a note is held back while the receiving record is in its current state.
   *
   * @param there the values of the receiving record
   */
  default boolean isHeld(Side from, Visibility visibility, Map<String, String> there) {
    return false;
  }

  /** Whether notes of Lockstep itself, such as those about a link, are written on that side. */
  default boolean takesOwn(Side to) {
    return true;
  }

  /** Which of the notes of side {@code from} with that visibility wait for an approval. */
  default Approval approval(Side from, Visibility visibility) {
    return Approval.NEVER;
  }
}
