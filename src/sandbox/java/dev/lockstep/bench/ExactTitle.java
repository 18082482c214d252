package dev.lockstep.bench;

import dev.lockstep.similarity.Ticket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The same title, but for case and what is no letter or digit; the latest first. */
final class ExactTitle implements Method {
  private final Map<String, Deque<Found>> byTitle = new HashMap<>();

  @Override
  public List<Found> ask(Ticket ticket) {
    String title =
        ticket.title().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    Deque<Found> same = byTitle.computeIfAbsent(title, unseen -> new ArrayDeque<>());
    List<Found> found = same.stream().limit(title.isEmpty() ? 0 : MOST).toList();
    same.addFirst(new Found(ticket.id(), 1));
    return found;
  }
}
