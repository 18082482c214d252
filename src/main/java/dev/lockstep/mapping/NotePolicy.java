package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.Map;
import java.util.Optional;

/** Which notes are synced, and with which visibility. */
public interface NotePolicy {

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
}
