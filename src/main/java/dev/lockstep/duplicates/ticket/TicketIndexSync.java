package dev.lockstep.duplicates.ticket;

import dev.lockstep.record.RecordRef;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.Similarity;
import dev.lockstep.similarity.TicketIndex;
import dev.lockstep.similarity.TicketPreparer;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Keeps an in-memory search index in sync with the table {@code ticket}. Used by one thread at a
 * time, the holder of the table's lock. Reads on from the last revision, so that it contains
 * exactly what was committed, by any process.
 */
@Component
public class TicketIndexSync {
  private static final int BATCH = 500;

  private final TicketStore tickets;
  private final TicketPreparer preparer;
  private final TicketIndex index;
  private final Map<RecordRef, StoredTicket> known = new HashMap<>();
  private final PriorityQueue<StoredTicket> closed =
      new PriorityQueue<>(
          Comparator.comparing(ticket -> Objects.requireNonNull(ticket.closedAt())));
  private long revision;

  /** A similar ticket. */
  public record Found(StoredTicket ticket, Similarity similarity) {}

  public TicketIndexSync(TicketStore tickets, TicketPreparer preparer, TicketIndex index) {
    this.tickets = tickets;
    this.preparer = preparer;
    this.index = index;
  }

  /**
   * @param closedSince tickets closed before then are removed from the index
   */
  public void catchUp(Instant closedSince) {
    List<StoredTicket> batch;
    do {
      batch = tickets.findChangedSince(revision, BATCH);
      batch.forEach(ticket -> apply(ticket, closedSince));
    } while (batch.size() == BATCH);
    evictClosed(closedSince);
  }

  private void apply(StoredTicket ticket, Instant closedSince) {
    revision = Math.max(revision, ticket.revision());
    Instant closedAt = ticket.closedAt();
    if (closedAt != null && closedAt.isBefore(closedSince)) {
      remove(ticket.record());
    } else {
      put(ticket, preparer.prepare(ticket.toTicket(), ticket.embedding()));
    }
  }

  private void remove(RecordRef record) {
    known.remove(record);
    index.remove(record.toString());
  }

  private void put(StoredTicket ticket, PreparedTicket prepared) {
    known.put(ticket.record(), ticket);
    if (!ticket.isOpen()) {
      closed.add(ticket);
    }
    index.put(prepared);
  }

  private void evictClosed(Instant closedSince) {
    StoredTicket first = closed.peek();
    while (first != null && Objects.requireNonNull(first.closedAt()).isBefore(closedSince)) {
      closed.remove();
      // It may have been reopened since then.
      if (first.equals(known.get(first.record()))) {
        remove(first.record());
      }
      first = closed.peek();
    }
  }

  public List<Found> findSimilar(PreparedTicket prepared, int most) {
    return index.findSimilar(prepared, most).stream()
        .flatMap(
            match ->
                Stream.ofNullable(known.get(RecordRef.parse(match.id())))
                    .map(ticket -> new Found(ticket, match.similarity())))
        .toList();
  }

  public Optional<Found> compare(PreparedTicket prepared, RecordRef with) {
    return Optional.ofNullable(known.get(with))
        .flatMap(
            ticket ->
                index
                    .compare(prepared, with.toString())
                    .map(similarity -> new Found(ticket, similarity)));
  }
}
