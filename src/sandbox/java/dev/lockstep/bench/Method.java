package dev.lockstep.bench;

import dev.lockstep.similarity.Ticket;
import java.util.List;

/** A way to find duplicates among the tickets it was given so far. */
interface Method extends AutoCloseable {
  /** How many are asked for: what a person would look at. */
  int MOST = 10;

  record Found(String id, double score) {}

  /** The ones most like this, best first; then it is among those that later ones are asked of. */
  List<Found> ask(Ticket ticket);

  @Override
  default void close() {}
}
