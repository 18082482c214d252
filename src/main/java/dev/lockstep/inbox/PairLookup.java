package dev.lockstep.inbox;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The inbox's view of records, pairs and notes; implemented by the sync stage. */
public interface PairLookup {
  /** Below the priority of live work, which is db-scheduler's medium. */
  int MOST_URGENT = 49;

  /**
   * @param correlation the correlation it belongs to
   * @param lastProcessed the version of the record that was last processed; null if every event
   *     counts, since one of its pairs is broken or ended
   */
  record KnownRecord(UUID correlation, @Nullable Version lastProcessed) {}

  /** A record that is in a pair. */
  Optional<KnownRecord> find(RecordRef ref);

  /**
   * Whether this state of a record is the one that was last processed: the same version or, where
   * the order of the versions is unknown, the same values. Returns false when uncertain. May look
   * up names in the record's system.
   */
  boolean hasSameState(KnownRecord known, NativeRecord state);

  /** Whether the record is in a pair or takes part in duplicate detection. */
  boolean isKnown(RecordRef ref);

  /** Display title of a correlation, for example {@code INC0010001 ⇄ #42}. */
  String titleOf(UUID correlation);

  /**
   * Whether each of these notes is known, was sent by Lockstep, or is on a record without a pair,
   * whose notes are fetched when it starts syncing. Returns false when uncertain.
   */
  boolean knowsNotes(RecordRef ref, List<NoteFingerprint> traces);

  /**
   * Stores notes that were not received before.
   *
   * @param listed whether they were returned by the API rather than sent by a webhook
   * @return the number of new notes
   */
  int insertNewNotes(RecordRef ref, List<WorkNote> notes, boolean listed);

  /**
   * How urgent the records of a subject are, from 0 (unknown, or the least) to {@link
   * #MOST_URGENT}.
   *
   * @param hints what was received of them
   */
  default int priorityOf(Subject subject, Map<RecordRef, Hint> hints) {
    return 0;
  }

  /** Display title of a rejected note. */
  default String titleOf(Subject.OfNote note) {
    return note.toString();
  }

  /**
   * Discards a rejected note, on behalf of an operator. Runs in the caller's transaction.
   *
   * @return whether it was rejected until then
   */
  default boolean discardNote(Subject.OfNote note) {
    return false;
  }

  /**
   * Marks a rejected note to be sent again. Runs in the caller's transaction.
   *
   * @return whether it was rejected until then
   */
  default boolean retryNote(Subject.OfNote note) {
    return false;
  }

  /**
   * Marks notes as rejected again that an operator had retried, if the subject's work was discarded
   * before it sent them. Runs in the caller's transaction.
   *
   * @return those notes
   */
  default List<Subject.OfNote> reclaimUnsentNotes(Subject subject) {
    return List.of();
  }

  /**
   * The records of a kind in linked pairs to which notes can be added in their present state;
   * nobody can write on the others.
   */
  default List<RecordRef> findOpenForNotes(String system, String kind) {
    return List.of();
  }

  /**
   * Records to which notes were sent in that period and none of which the API returned since: it
   * must be checked whether their notes can be read at all.
   */
  default List<RecordRef> findUnlisted(String system, String kind, Instant from, Instant before) {
    return List.of();
  }
}
