package dev.lockstep.pair;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.util.List;
import java.util.Optional;

/**
 * A note and its deliveries.
 *
 * @param record where it was written; for a note written by Lockstep, the record it is stored under
 * @param own whether Lockstep wrote it
 */
public record StoredNote(
    RecordRef record, WorkNote note, State state, boolean own, List<Delivery> deliveries) {

  /** The lifecycle of a note. */
  public enum State {
    /** Some record may still have to receive it. */
    OPEN,
    /** Every record that is to receive it has it, or never will. */
    SETTLED,
    /** Written by Lockstep and received back. */
    ECHO
  }

  public StoredNote {
    deliveries = List.copyOf(deliveries);
  }

  /** Its delivery to a record; empty while undecided. */
  public Optional<Delivery> delivery(RecordRef target) {
    return deliveries.stream().filter(delivery -> delivery.target().equals(target)).findFirst();
  }
}
