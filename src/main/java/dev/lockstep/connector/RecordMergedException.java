package dev.lockstep.connector;

import dev.lockstep.record.RecordRef;

/**
 * The system returned another record than the requested one: it was merged, or the system is wrong.
 * A write would change the other record, so the requested one counts as not found.
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

  /** The record that was returned. */
  public RecordRef into() {
    return into;
  }
}
