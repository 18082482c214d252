package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The port to all systems. Every method may throw {@link RetryLaterException} (nothing was done,
 * retry after the delay), {@link SystemUnavailableException} (no usable answer; the outcome of a
 * write is unknown) or {@link RequestRejectedException} (a retry cannot succeed). No method
 * retries: the inbox owns retries.
 */
public interface Connectors {

  /** The systems with a folder under {@code connectors/}. */
  Set<String> systems();

  /** Display name, for example {@code ServiceNow}. */
  String title(String system);

  /**
   * @throws RecordNotFoundException when the record does not exist
   */
  NativeRecord fetch(RecordRef ref);

  /**
   * Creates a record. Not idempotent: after {@link SystemUnavailableException} call {@link
   * #findByCorrelation} before retrying.
   *
   * @param body the record in the system's own JSON, unwrapped
   * @param correlationId stored where {@link #findByCorrelation} searches
   * @param farKey display key of the counterpart; written where the system has a field for it
   */
  NativeRecord create(
      String system, String kind, JsonNode body, String correlationId, String farKey);

  /**
   * Sets the fields in {@code body} and returns the updated record, with the fields that the system
   * refused and may refuse: {@link NativeRecord#refused}.
   *
   * @throws RecordNotFoundException when the record does not exist
   */
  NativeRecord update(RecordRef ref, JsonNode body);

  /**
   * The newest record with this correlation id, in any state. Where a new record becomes searchable
   * late, an empty result is reliable only after {@link #requireFindable} has returned.
   */
  Optional<NativeRecord> findByCorrelation(String system, String kind, String correlationId);

  /**
   * The record that an earlier {@link #create} with this body made and that did not get its
   * correlation id any more, because the process died or received no answer; it gets it now. Only
   * where a system takes the correlation id in a call of its own.
   */
  default Optional<NativeRecord> findCreated(
      String system, String kind, JsonNode body, String correlationId, String farKey) {
    return Optional.empty();
  }

  /**
   * Ensures that {@link #findByCorrelation}, called just before, cannot have missed a record that
   * an earlier attempt created. Call it before retrying a create whose outcome is unknown.
   *
   * @throws RetryLaterException until enough time has passed; the period restarts with the process,
   *     because the time of the earlier attempt is not known
   */
  void requireFindable(String system, String kind, String correlationId);

  /**
   * Writes the counterpart's correlation id and key to the record where the system keeps them in
   * fields; does nothing where they can be set at creation only.
   *
   * @return the updated record; empty when nothing was written
   */
  Optional<NativeRecord> link(RecordRef ref, String correlationId, String farKey);

  /**
   * Whether only Lockstep writes the correlation of this kind's records; the counterpart then does
   * not have to name the record back.
   */
  boolean ownsCorrelation(String system, String kind);

  /** References to the same record under the other kinds of its system. */
  Set<RecordRef> aliases(RecordRef ref);

  /** Whether duplicates of this kind can be linked to a primary. */
  boolean consolidates(String system, String kind);

  /** Whether {@link #separate} can undo that. */
  boolean separates(String system, String kind);

  /**
   * Links the duplicate to its primary; both are of one kind in one system.
   *
   * <p>As a field (ServiceNow's {@code parent_incident}): idempotent, but the system may accept a
   * primary that does not exist, because it stores references unchecked. As a link (Jira's {@code
   * POST /issueLink}): a repeated request gets the same answer and creates no second link (REST v3
   * OpenAPI document); links to former primaries are deleted. As a merge (PagerDuty's {@code PUT
   * /incidents/{id}/merge}, REST OpenAPI document): the duplicate is resolved permanently;
   * repeating it, or merging into a resolved primary, is a {@link RequestRejectedException}. After
   * {@link SystemUnavailableException} therefore check first whether {@link NativeRecord#primaryId}
   * already is the primary.
   *
   * @return the updated duplicate; empty when the system returns only the primary
   * @throws RecordNotFoundException when one of them does not exist; a merge always reports the
   *     primary
   * @throws IllegalArgumentException unless {@link #consolidates}, or for two systems or kinds
   */
  Optional<NativeRecord> consolidate(RecordRef duplicate, RecordRef primary);

  /**
   * Restores the duplicate's former primary. Idempotent: a field is set to the value, a link is
   * deleted. Changes that the system made to the duplicate in the meantime remain.
   *
   * @param formerPrimaryId empty for none
   * @return the updated duplicate
   * @throws RecordNotFoundException when the duplicate does not exist
   * @throws IllegalArgumentException unless {@link #separates}
   */
  NativeRecord separate(RecordRef duplicate, String formerPrimaryId);

  /**
   * @return the note's id in that system; empty when the answer does not contain it
   * @throws RecordNotFoundException when the record does not exist
   * @throws IllegalArgumentException unless {@link #takesNotes}
   */
  Optional<String> addNote(RecordRef ref, String text, Visibility visibility);

  /**
   * The text that {@link #notes} will return for a note written with {@link #addNote}. Makes no
   * call.
   */
  default String shown(RecordRef ref, String text) {
    return text;
  }

  /** Whether {@link #addNote} can add notes of this visibility. Makes no call. */
  default boolean takesNotes(RecordRef ref, Visibility visibility) {
    return true;
  }

  /**
   * Whether notes on such records are written as their text alone, without author, origin and
   * Lockstep's mark, since their readers are outside of the company. Makes no call.
   */
  default boolean addsTextOnly(String system, String kind) {
    return false;
  }

  /**
   * The path in a record sent whose text the system shows as a note of the record; empty if there
   * is none. Makes no call.
   */
  default String noteField(String system, String kind) {
    return "";
  }

  /**
   * A record to be sent with the web address of its counterpart, if its system takes one. Makes no
   * call.
   */
  default ObjectNode withUrl(String system, String kind, ObjectNode body, String url) {
    return body;
  }

  /**
   * The field of a record with the id of the record of another kind that it belongs to; empty if
   * there is none. Makes no call.
   */
  default String memberField(String system, String kind, String of) {
    return "";
  }

  /**
   * Whether records of this kind are created once and never changed, as events are: they are not
   * fetched again, and their counterparts do not name them. Makes no call.
   */
  default boolean isAppendOnly(String system, String kind) {
    return false;
  }

  /** All notes of a record, oldest first. */
  List<WorkNote> notes(RecordRef ref);

  /** One note of a record, by its id; empty if it is none, or was deleted. */
  default Optional<WorkNote> note(RecordRef ref, String id) {
    throw new UnsupportedOperationException();
  }

  /** Whether {@link #pinNote} can pin notes of this kind's records. Makes no call. */
  default boolean pinsNotes(String system, String kind) {
    return false;
  }

  /** Pins a note, so that everybody finds it; one that is pinned or deleted stays as it is. */
  default void pinNote(RecordRef ref, String id) {
    throw new UnsupportedOperationException();
  }

  /** Names of the feeds that list the notes of one record at a time. */
  default List<String> noteFeeds(String system, String kind) {
    return List.of();
  }

  /**
   * The notes of a record written since a time of its system's clock, oldest first; may return
   * older ones.
   *
   * @param feed one of {@link #noteFeeds}
   */
  default List<WorkNote> notesSince(RecordRef ref, String feed, Instant since) {
    throw new UnsupportedOperationException();
  }

  /** Whether {@link #notes} can return notes of this visibility. Makes no call. */
  default boolean showsNotes(RecordRef ref, Visibility visibility) {
    return true;
  }

  /** Names of the feeds that together list every change of a kind, in reading order. */
  List<String> feeds(String system, String kind);

  /**
   * Whether {@link #listChanged} lists the notes of all records of this kind; a note it does not
   * list then does not exist.
   */
  default boolean listsNotes(String system, String kind) {
    return false;
  }

  /**
   * Changes since a time of the system's own clock, one page at a time, in a stable order. May
   * repeat items; never omits one.
   *
   * @param feed one of {@link #feeds}
   * @param page empty for the first page, then {@link ChangePage#nextPage()}
   */
  ChangePage listChanged(
      String system, String kind, String feed, Instant since, Optional<String> page);

  /** Whether {@link #listMatching} can narrow this feed. */
  default boolean takesQuery(String system, String kind, String feed) {
    return false;
  }

  /**
   * As {@link #listChanged}, narrowed by a query in the system's own language.
   *
   * @throws RequestRejectedException when the feed takes no query, or not this one
   */
  default ChangePage listMatching(
      String system, String kind, String feed, String query, Instant since, Optional<String> page) {
    throw new UnsupportedOperationException();
  }

  /** The system's time, from its last answer; Lockstep's own before the first answer. */
  Instant now(String system);

  /**
   * Those who are on call now, by an answer of the system; in its order. Not cached.
   *
   * @param kind of what it is asked for, for example {@code schedule}; one of those that its
   *     connector declares
   */
  default List<OnCall> onCall(String system, String kind, String id) {
    throw new IllegalArgumentException(system + " does not tell who is on call");
  }

  /**
   * Maps a system's id of a referenced object to the key that systems share (a user's e-mail
   * address, a group's name). Cached.
   */
  Optional<String> keyOf(String system, String reference, String id);

  /**
   * The inverse of {@link #keyOf}; {@link RequestRejectedException} when several objects match. An
   * inactive object, such as a user who left, is not found although {@link #keyOf} still resolves
   * it. Cached.
   */
  Optional<String> idOf(String system, String reference, String key);

  /**
   * All objects whose whole key matches, in the system's order; callers that look up a person by
   * name use it to reject ambiguous names. Case is ignored only when nothing matches exactly.
   * Cached.
   */
  List<String> idsOf(String system, String reference, String key);
}
