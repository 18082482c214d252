package dev.lockstep.connector;

import dev.lockstep.record.RecordRef;

/** The record does not exist, or no longer. */
public class Gone extends RuntimeException {
  private final RecordRef ref;

  public Gone(RecordRef ref) {
    this(ref, ref + " does not exist");
  }

  Gone(RecordRef ref, String message) {
    super(message);
    this.ref = ref;
  }

  public RecordRef ref() {
    return ref;
  }
}
