package dev.lockstep.connector;

import dev.lockstep.record.RecordRef;

/** The record does not exist, or no longer. */
public class RecordNotFoundException extends RuntimeException {
  private final RecordRef ref;

  public RecordNotFoundException(RecordRef ref) {
    this(ref, ref + " does not exist");
  }

  RecordNotFoundException(RecordRef ref, String message) {
    super(message);
    this.ref = ref;
  }

  public RecordRef ref() {
    return ref;
  }
}
