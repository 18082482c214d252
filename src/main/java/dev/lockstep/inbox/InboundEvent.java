package dev.lockstep.inbox;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something was heard about a record. It is a hint: what is done about it depends on the records'
 * present state.
 *
 * @param source where it was heard, for logs and metrics, for example {@code webhook} or {@code
 *     poll}
 * @param deliveryId the sender's id of the delivery; may be empty
 * @param state the record's state as told; null when the record must be fetched to know it
 * @param notes journal entries told along; may hold ones heard before
 * @param notesIncomplete true when there may be notes that only fetching will show
 * @param ifKnown it matters only of a record that is known, and makes no other one known
 */
public record InboundEvent(
    String source,
    String deliveryId,
    RecordRef record,
    @Nullable NativeRecord state,
    List<WorkNote> notes,
    boolean notesIncomplete,
    boolean ifKnown,
    Instant receivedAt) {

  /** The {@code source} of what polling finds. */
  public static final String POLL = "poll";

  /** News that matters of any record. */
  public InboundEvent(
      String source,
      String deliveryId,
      RecordRef record,
      @Nullable NativeRecord state,
      List<WorkNote> notes,
      boolean notesIncomplete,
      Instant receivedAt) {
    this(source, deliveryId, record, state, notes, notesIncomplete, false, receivedAt);
  }
}
