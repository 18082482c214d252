package dev.lockstep.duplicates.ticket;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.similarity.Ticket;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A ticket as it is compared: an unpaired record, or the two records of a pair.
 *
 * @param record its first known record, which identifies the ticket
 * @param mapping the name of the mapping that reads its values
 * @param side the side of {@code state}
 * @param closedAt when it was resolved or closed; null while open
 * @param starts whether it starts a pair, or has one
 * @param due must be compared again, even if unchanged
 * @param deleted its record was deleted
 * @param state its last known state; of a pair the left record's
 * @param embedding its sentence embedding; null when there is none
 * @param revision increases with each change of what is compared, over all tickets
 */
public record StoredTicket(
    RecordRef record,
    String mapping,
    Side side,
    DuplicateRules.Compared compared,
    Instant openedAt,
    @Nullable Instant closedAt,
    boolean starts,
    boolean due,
    boolean deleted,
    RecordState state,
    float @Nullable [] embedding,
    long revision) {

  /** Its last known state in the fields of its mapping. */
  public Snapshot seen() {
    return state.in(mapping);
  }

  public Ticket toTicket() {
    return new Ticket(
        record.toString(),
        compared.title(),
        compared.description(),
        compared.service(),
        compared.category(),
        openedAt);
  }

  /** Whether both have the same texts, and so the same embedding. */
  public boolean hasSameTextsAs(StoredTicket other) {
    return compared.title().equals(other.compared.title())
        && compared.description().equals(other.compared.description());
  }

  public StoredTicket withEmbedding(float @Nullable [] read) {
    return new StoredTicket(
        record, mapping, side, compared, openedAt, closedAt, starts, due, deleted, state, read,
        revision);
  }

  public StoredTicket markDeleted(Instant since) {
    return new StoredTicket(
        record, mapping, side, compared, openedAt, since, starts, due, true, state, embedding,
        revision);
  }

  public boolean isOpen() {
    return closedAt == null;
  }
}
