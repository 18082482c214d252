package dev.lockstep.bench;

import dev.lockstep.sandbox.CsvRows;
import dev.lockstep.similarity.Ticket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Labelled issues, oldest first.
 *
 * @param clusters the id of each labelled issue to a name that all of its duplicates share
 * @param closed those that were closed as duplicates, labelled or not; empty when not known
 * @param notes what was passed over in the files, for people
 */
record Issues(
    List<Ticket> tickets, Map<String, String> clusters, Set<String> closed, List<String> notes) {

  static Issues read(Path issues, Path pairs) {
    List<String> notes = new ArrayList<>();
    Map<String, Ticket> tickets = new HashMap<>();
    Set<String> closed = new HashSet<>();
    int[] repeated = {0};
    CsvRows.read(
        issues,
        List.of("Summary", "Issue id", "Created", "Description"),
        row -> {
          Ticket ticket = ticket(row);
          if (tickets.putIfAbsent(ticket.id(), ticket) != null) {
            repeated[0]++;
          }
          if (row.get("Resolution").equalsIgnoreCase("Duplicate")) {
            closed.add(ticket.id());
          }
        });
    note(notes, repeated[0], "issues repeat an id and are passed over");
    Map<String, String> clusters = clusters(pairs, tickets.keySet(), notes);
    List<Ticket> sorted = new ArrayList<>(tickets.values());
    sorted.sort(Comparator.comparing(Ticket::openedAt).thenComparing(Ticket::id));
    return new Issues(sorted, clusters, closed, notes);
  }

  boolean same(String one, String other) {
    String cluster = clusters.get(one);
    return cluster != null && cluster.equals(clusters.get(other));
  }

  private static Ticket ticket(CsvRows.Row row) {
    Instant created =
        IssueDates.parse(row.need("Created"))
            .orElseThrow(
                () ->
                    row.bad(
                        "Created",
                        "is no date: \""
                            + row.get("Created")
                            + "\"; write 2024-05-31T08:15:00Z or 31/May/24 08:15"));
    return new Ticket(
        row.need("Issue id"),
        row.get("Summary"),
        row.get("Description"),
        row.get("Service"),
        row.get("Category"),
        created);
  }

  private static Map<String, String> clusters(Path file, Set<String> known, List<String> notes) {
    Map<String, String> parents = new HashMap<>();
    int[] unknown = {0};
    int[] self = {0};
    CsvRows.read(
        file,
        List.of("Issue id", "Duplicate id"),
        row -> {
          String one = row.need("Issue id");
          String other = row.need("Duplicate id");
          if (!known.contains(one) || !known.contains(other)) {
            unknown[0]++;
          } else if (one.equals(other)) {
            self[0]++;
          } else {
            parents.put(root(parents, one), root(parents, other));
          }
        });
    note(notes, unknown[0], "pairs name an id that is not among the issues and are passed over");
    note(notes, self[0], "pairs name one issue twice and are passed over");
    Map<String, String> clusters = new HashMap<>();
    for (String id : List.copyOf(parents.keySet())) {
      clusters.put(id, root(parents, id));
    }
    return clusters;
  }

  private static String root(Map<String, String> parents, String id) {
    String at = id;
    String above = parents.computeIfAbsent(id, own -> own);
    while (!above.equals(at)) {
      at = above;
      above = parents.getOrDefault(at, at);
    }
    return at;
  }

  private static void note(List<String> notes, int count, String what) {
    if (count > 0) {
      notes.add(count + " " + what);
    }
  }
}
