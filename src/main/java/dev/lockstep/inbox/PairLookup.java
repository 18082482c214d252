package dev.lockstep.inbox;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the inbox must know of pairs to file what it hears. */
public interface PairLookup {

  /**
   * @param seen the version of that record last dealt with; null if none
   */
  record KnownPair(UUID pair, @Nullable Version lastProcessed) {}

  Optional<KnownPair> find(RecordRef ref);

  /**
   * Whether the record's pair remembers it exactly so, though the versions leave the order open:
   * then the state is not news. When in doubt it says no. May look names up in the record's system.
   */
  boolean hasSameState(RecordRef ref, NativeRecord state);

  /** Whether the record is in a pair, or its ticket is compared with others. */
  boolean isKnown(RecordRef ref);

  /** What people call a pair's records, for example {@code INC0010001 ⇄ #42}. */
  String titleOf(UUID pair);

  /**
   * Whether each of these notes was heard of already, or was sent there by Lockstep, or is on a
   * record without a pair, whose notes are read when a pair begins. When in doubt it says no.
   */
  boolean knowsNotes(RecordRef ref, List<NoteFingerprint> traces);

  /**
   * Keeps notes not received before.
   *
   * @param listed whether the system showed them in a listing, and not in a webhook
   * @return how many were new
   */
  int insertNewNotes(RecordRef ref, List<WorkNote> notes, boolean listed);

  /** What people call a note that was refused. */
  default String titleOf(Subject.OfNote note) {
    return note.toString();
  }

  /**
   * An operator discarded a note that was refused. In the caller's transaction.
   *
   * @return the record it was for
   */
  default Optional<RecordRef> discardNote(Subject.OfNote note) {
    return Optional.empty();
  }

  /**
   * A note that was refused is to be sent again. In the caller's transaction.
   *
   * @return the record it is for
   */
  default Optional<RecordRef> retryNote(Subject.OfNote note) {
    return Optional.empty();
  }

  /**
   * The work on a pair, or on a record, was discarded before it sent the notes that an operator had
   * retried: they are refused again. In the caller's transaction.
   *
   * @return them
   */
  default List<Subject.OfNote> reclaimUnsentNotes(Subject subject) {
    return List.of();
  }

  /**
   * Records on which notes were sent in that time, none of which any listing showed: whether their
   * notes can be read at all is to be found out.
   */
  default List<RecordRef> findUnlisted(String system, String kind, Instant from, Instant before) {
    return List.of();
  }
}
