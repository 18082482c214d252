package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.Map;
import java.util.Optional;

/** Which notes are carried, and as what. */
public interface NotePolicy {

  /**
   * What a note of side {@code from} with this visibility becomes on the other side; empty: it is
   * not carried.
   */
  Optional<Visibility> targetVisibility(Side from, Visibility visibility);

  /**
   * Whether such a note waits while the record it goes to is as it is.
   *
   * @param there the values of that record
   */
  default boolean isHeld(Side from, Visibility visibility, Map<String, String> there) {
    return false;
  }
}
