package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.Map;

/** Puts a subject on the list of work. Joins the caller's transaction. */
public interface Wakes {

  /**
   * @param hints what is known of its records; may be empty: then nothing but the wake is told
   * @param heardAt since when the work waits
   */
  void wake(Subject subject, Map<RecordRef, Hint> hints, Instant heardAt);
}
