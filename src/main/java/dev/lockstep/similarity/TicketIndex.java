package dev.lockstep.similarity;

import java.util.List;
import java.util.Optional;

/**
 * An in-memory index of tickets. A ticket is found by {@link #findSimilar} as soon as {@link #put}
 * has returned. Thread-safe.
 */
public interface TicketIndex extends AutoCloseable {

  /** Adds a ticket, or replaces that of the same id. */
  void put(PreparedTicket prepared);

  void remove(String id);

  int size();

  /**
   * The most similar tickets, best first, without the ticket itself. The cost grows more slowly
   * than the number of tickets.
   *
   * @param limit the maximum number
   */
  List<Match> findSimilar(PreparedTicket prepared, int limit);

  /** The similarity to an indexed ticket; empty if that is not indexed. */
  Optional<Similarity> compare(PreparedTicket prepared, String id);

  @Override
  void close();
}
