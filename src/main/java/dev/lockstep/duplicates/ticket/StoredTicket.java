package dev.lockstep.duplicates.ticket;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.similarity.Ticket;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A ticket as it is compared: a record, or the two of a pair.
 *
 * @param record the record it was first heard of; its name for good
 * @param mapping the name of the mapping in whose words it is read
 * @param side the side of {@code seen}
 * @param overAt since when nobody works on it; null while somebody does
 * @param starts whether it begins a pair, or has one
 * @param due to be compared anew, though nothing of it may have changed
 * @param gone its record was deleted
 * @param seen its record as last shown: of a pair the left one
 * @param meaning its sentence embedding; null when there is none
 * @param revision grows with each change of what is compared, over all tickets
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
    Snapshot seen,
    float @Nullable [] embedding,
    long revision) {

  public Ticket toTicket() {
    return new Ticket(
        record.toString(),
        compared.title(),
        compared.description(),
        compared.service(),
        compared.category(),
        openedAt);
  }

  public StoredTicket withEmbedding(float @Nullable [] read) {
    return new StoredTicket(
        record, mapping, side, compared, openedAt, closedAt, starts, due, deleted, seen, read, revision);
  }

  public StoredTicket markDeleted(Instant since) {
    return new StoredTicket(
        record, mapping, side, compared, openedAt, since, starts, due, true, seen, embedding,
        revision);
  }

  public boolean isOpen() {
    return closedAt == null;
  }
}
