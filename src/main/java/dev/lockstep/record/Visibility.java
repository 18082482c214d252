package dev.lockstep.record;

/** Who may read a note: only agents working on the record, or its caller too. */
public enum Visibility {
  INTERNAL,
  PUBLIC
}
