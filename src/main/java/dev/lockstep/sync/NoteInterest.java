package dev.lockstep.sync;

import dev.lockstep.record.RecordRef;

/** Who wants the notes of records that are in no pair. */
public interface NoteInterest {

  /** Whether what is written on this record may have to be told elsewhere. */
  boolean wantsNotes(RecordRef record);
}
