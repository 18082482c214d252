package dev.lockstep.connector;

import dev.lockstep.record.RecordRef;

/** The record does not exist, or no longer. */
public final class Gone extends RuntimeException {
  private final RecordRef ref;

  public Gone(RecordRef ref) {
    super(ref + " does not exist");
    this.ref = ref;
  }

  public RecordRef ref() {
    return ref;
  }
}
