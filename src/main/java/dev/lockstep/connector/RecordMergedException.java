package dev.lockstep.connector;

import dev.lockstep.record.RecordRef;

/**
 * The system answers for the record with another one: it was merged into that, or the system is
 * mistaken. What is written to the one would change the other, so the record counts as gone.
 */
public final class RecordMergedException extends RecordNotFoundException {
  private final transient RecordRef into;

  public RecordMergedException(RecordRef ref, RecordRef into) {
    super(
        ref,
        "%s answered as %s: it was merged into that record, or its system mistakes them; nothing is"
                .formatted(ref, into.id())
            + " written through it");
    this.into = into;
  }

  /** The record that answers. */
  public RecordRef into() {
    return into;
  }
}
