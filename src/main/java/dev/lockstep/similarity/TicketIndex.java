package dev.lockstep.similarity;

import java.util.List;
import java.util.Optional;

/**
 * The tickets a new one is compared with, in memory. What {@link #put} returned from is found by
 * the next {@link #findSimilar}. Safe for use by several threads.
 */
public interface TicketIndex extends AutoCloseable {

  /** Adds a ticket, or replaces the one of the same id. */
  void put(PreparedTicket prepared);

  void remove(String id);

  int size();

  /**
   * The tickets most like this one, best first, without itself. Its cost grows more slowly than the
   * number of tickets held.
   *
   * @param most how many at the most
   */
  List<Match> findSimilar(PreparedTicket prepared, int limit);

  /** How alike the ticket is to one that is held; empty when that is not held. */
  Optional<Similarity> compare(PreparedTicket prepared, String id);

  @Override
  void close();
}
