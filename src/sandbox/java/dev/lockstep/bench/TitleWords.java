package dev.lockstep.bench;

import dev.lockstep.similarity.Ticket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Jaccard's measure of the words of both titles: those in common by all. */
final class TitleWords implements Method {
  private record Seen(String id, int words) {}

  private final Map<String, List<Seen>> byWord = new HashMap<>();

  @Override
  public List<Found> ask(Ticket ticket) {
    Set<String> words =
        new HashSet<>(
            Arrays.asList(ticket.title().toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")));
    words.remove("");
    Map<Seen, Integer> common = new HashMap<>();
    for (String word : words) {
      byWord.getOrDefault(word, List.of()).forEach(seen -> common.merge(seen, 1, Integer::sum));
    }
    List<Found> found = new ArrayList<>();
    common.forEach(
        (seen, both) ->
            found.add(new Found(seen.id(), (double) both / (words.size() + seen.words() - both))));
    found.sort(Comparator.comparingDouble((Found one) -> -one.score()).thenComparing(Found::id));
    Seen self = new Seen(ticket.id(), words.size());
    words.forEach(word -> byWord.computeIfAbsent(word, unseen -> new ArrayList<>()).add(self));
    return List.copyOf(found.subList(0, Math.min(MOST, found.size())));
  }
}
