package dev.lockstep.inbox;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A notification about a record. It is only a hint: processing depends on the records' current
 * state.
 *
 * @param source for logs and metrics, for example {@code webhook} or {@code poll}
 * @param deliveryId the sender's id of the delivery; may be empty
 * @param state the reported state of the record; null: it must be fetched
 * @param notes notes contained in the event; may include known ones
 * @param notesIncomplete there may be more notes, which must be fetched
 * @param noteIds notes that the event names without containing them, which must be fetched
 * @param ifKnown ignored unless the record is already known
 */
public record InboundEvent(
    String source,
    String deliveryId,
    RecordRef record,
    @Nullable NativeRecord state,
    List<WorkNote> notes,
    boolean notesIncomplete,
    Set<String> noteIds,
    boolean ifKnown,
    Instant receivedAt) {

  public InboundEvent {
    noteIds = Set.copyOf(noteIds);
  }

  /** The {@code source} of events found by polling. */
  public static final String POLL = "poll";

  /** Whether notes must be fetched. */
  boolean requiresNotes() {
    return notesIncomplete || !noteIds.isEmpty();
  }

  /** An event that also applies to unknown records. */
  public InboundEvent(
      String source,
      String deliveryId,
      RecordRef record,
      @Nullable NativeRecord state,
      List<WorkNote> notes,
      boolean notesIncomplete,
      Instant receivedAt) {
    this(source, deliveryId, record, state, notes, notesIncomplete, Set.of(), false, receivedAt);
  }
}
