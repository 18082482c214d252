package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Puts a pair on the list of work. Joins the caller's transaction. */
public interface Wakes {

  /**
   * @param hints what is known of its records; may be empty
   * @param heardAt since when the work waits
   */
  void wake(UUID pair, Map<RecordRef, Hint> hints, Instant heardAt);
}
