package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All systems behind one port. Every method may throw {@link RetryLaterException} (nothing was
 * done, wait), {@link SystemUnavailableException} (no answer; it may have been done) or {@link
 * RequestRejectedException} (will never succeed). None of them retries by itself: the inbox owns
 * retries.
 */
public interface Connectors {

  /** The systems there is a folder for. */
  Set<String> systems();

  /** What people call the system, for example {@code ServiceNow}. */
  String title(String system);

  /**
   * @throws RecordNotFoundException when the record does not exist
   */
  NativeRecord fetch(RecordRef ref);

  /**
   * Creates a record. Not idempotent by itself: after {@link SystemUnavailableException} look with
   * {@link #findByCorrelation} before trying again.
   *
   * @param body the record in the system's own JSON, unwrapped
   * @param correlationId stored where {@link #findByCorrelation} will find it
   * @param farKey what people call the counterpart; shown where the system has a field for it
   */
  NativeRecord create(
      String system, String kind, JsonNode body, String correlationId, String farKey);

  /**
   * Sets the fields in {@code body} and returns the record after it.
   *
   * @throws RecordNotFoundException when the record does not exist
   */
  NativeRecord update(RecordRef ref, JsonNode body);

  /**
   * The newest record carrying this correlation id, in any state. In a system that shows a new
   * record late, finding none means little until {@link #requireFindable} lets pass.
   */
  Optional<NativeRecord> findByCorrelation(String system, String kind, String correlationId);

  /**
   * Whether a record that an earlier attempt may have created could not be missed any more by
   * {@link #findByCorrelation}, which must have been asked just before. Call it before creating
   * what may be there already.
   *
   * @throws RetryLaterException until enough time has passed; counted anew after a start, since
   *     nobody knows when the earlier attempt was made
   */
  void requireFindable(String system, String kind, String correlationId);

  /**
   * Writes on the record which far record is its counterpart, for systems that keep it in fields of
   * their own; does nothing for systems that take it at creation only.
   *
   * @return the record after it; empty when nothing was written
   */
  Optional<NativeRecord> link(RecordRef ref, String correlationId, String farKey);

  /**
   * Whether nobody but Lockstep writes which counterpart a record of this kind names, so that the
   * counterpart need not name it back.
   */
  boolean ownsCorrelation(String system, String kind);

  /** The same record as other kinds of its system know it. */
  Set<RecordRef> aliases(RecordRef ref);

  /** Whether duplicates of this kind can be hung under a primary there. */
  boolean consolidates(String system, String kind);

  /** Whether {@link #separate} can take that back there. */
  boolean separates(String system, String kind);

  /**
   * Hangs the duplicate under the primary; both are of one kind in one system.
   *
   * <p>Where it is a field (ServiceNow's {@code parent_incident}), writing it again changes
   * nothing, but the system may take a primary that does not exist: a reference is stored
   * unchecked. Where it is a link (Jira's {@code POST /issueLink}), a repeated one is answered
   * alike and not made twice (REST v3 OpenAPI document), and what the duplicate named before is
   * taken away. Where it is a merge (PagerDuty's {@code PUT /incidents/{id}/merge}, REST OpenAPI
   * document), the duplicate is resolved for good, and a repeated merge is {@link
   * RequestRejectedException}, as is one into a primary that is resolved. So after {@link
   * SystemUnavailableException} look first whether {@link NativeRecord#primaryId} names the primary
   * already.
   *
   * @return the duplicate after it; empty when the system shows only the primary
   * @throws RecordNotFoundException when one of them does not exist; for a merge it names the
   *     primary, whichever it is
   * @throws IllegalArgumentException unless {@link #consolidates}, or for two systems or kinds
   */
  Optional<NativeRecord> consolidate(RecordRef duplicate, RecordRef primary);

  /**
   * Gives back what the duplicate named as its primary before. May be repeated: a field gets the
   * value, a link is taken away. What the system itself did to the duplicate meanwhile stays done.
   *
   * @param formerPrimaryId empty for none
   * @return the duplicate after it
   * @throws RecordNotFoundException when the duplicate does not exist
   * @throws IllegalArgumentException unless {@link #separates}
   */
  NativeRecord separate(RecordRef duplicate, String formerPrimaryId);

  /**
   * @return the note's id in that system; empty when the system does not tell
   * @throws RecordNotFoundException when the record does not exist
   */
  Optional<String> addNote(RecordRef ref, String text, Visibility visibility);

  /** How {@link #notes} shows a note that {@link #addNote} was given as {@code text}; no call. */
  default String shown(RecordRef ref, String text) {
    return text;
  }

  /** All notes of a record, oldest first. */
  List<WorkNote> notes(RecordRef ref);

  /** Whether {@link #notes} can show notes of that visibility at all; no call. */
  default boolean showsNotes(RecordRef ref, Visibility visibility) {
    return true;
  }

  /** The listings that together show what changed in a kind, by name, in the order to read them. */
  List<String> feeds(String system, String kind);

  /**
   * Whether {@link #listChanged} lists the notes of all records of this kind, so that one it does
   * not show is not shown at all.
   */
  default boolean listsNotes(String system, String kind) {
    return false;
  }

  /**
   * What changed since a time of the system's own clock, a page at a time, in a stable order. May
   * repeat what was seen before; never leaves out.
   *
   * @param feed one of {@link #feeds}
   * @param page empty for the first page, then {@link ChangePage#nextPage()}
   */
  ChangePage listChanged(
      String system, String kind, String feed, Instant since, Optional<String> page);

  /** The system's own time, as its last answer told; Lockstep's until one did. */
  Instant now(String system);

  /**
   * The key systems share for a referenced thing (an e-mail address for a user, a name for a
   * group), from one system's own id of it. Cached.
   */
  Optional<String> keyOf(String system, String reference, String id);

  /**
   * The inverse of {@link #keyOf}; {@link RequestRejectedException} where several match, since
   * which of them is meant is not guessed. What a system no longer offers, such as a user who left,
   * is not found though {@link #keyOf} still knows it. Cached.
   */
  Optional<String> idOf(String system, String reference, String key);

  /**
   * Every match of the whole key, in the system's order, so that whoever looks a person up by name
   * can refuse a name that is not one person's alone. A different case counts only where nothing
   * matches exactly. Cached.
   */
  List<String> idsOf(String system, String reference, String key);
}
