package dev.lockstep.sync;

import dev.lockstep.record.RecordRef;

/** Decides whether the notes of records without a pair are needed. */
public interface NoteInterest {

  /** Whether notes on this record may have to be sent to another record. */
  boolean wantsNotes(RecordRef record);
}
