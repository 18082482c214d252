package dev.lockstep.bench;

import dev.lockstep.sandbox.CsvRows;
import dev.lockstep.similarity.Embedding;
import dev.lockstep.similarity.GroupSimilarity;
import dev.lockstep.similarity.LuceneTicketIndex;
import dev.lockstep.similarity.Match;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.Similarity;
import dev.lockstep.similarity.Thresholds;
import dev.lockstep.similarity.Ticket;
import dev.lockstep.similarity.TicketIndex;
import dev.lockstep.similarity.TicketPreparer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Measures what would be consolidated without an operator, on tickets whose subjects are known:
 * each two tickets of a scenario compared alone, and all tickets replayed in the order in which
 * they were opened.
 */
final class Labelled {
  private static final Instant BEGIN = Instant.parse("2026-03-09T08:00:00Z");

  /** Longer than any scenario. */
  private static final Duration APART = Duration.ofDays(30);

  private static final int MEMBERS = 60;

  private record Row(String scenario, String subject, Ticket ticket) {
    boolean sameSubject(Row other) {
      return scenario.equals(other.scenario) && subject.equals(other.subject);
    }
  }

  /** How many of the joins are right, and how many of those that should join do. */
  record Score(int joined, int right, int joinable) {
    double precision() {
      return joined == 0 ? 1 : (double) right / joined;
    }

    double recall() {
      return joinable == 0 ? 1 : (double) right / joinable;
    }
  }

  private final List<Row> rows;
  private final List<PreparedTicket> readings;
  private final Thresholds thresholds;
  private final PrintWriter out;

  Labelled(Path file, Embedding embedding, Thresholds thresholds, PrintWriter out) {
    this.rows = new ArrayList<>();
    CsvRows.read(
        file,
        List.of("Scenario", "Subject", "Minutes", "Service", "Category", "Summary", "Description"),
        row -> rows.add(row(row, rows.size())));
    TicketPreparer reader = new TicketPreparer(embedding);
    this.readings = rows.stream().map(row -> reader.prepare(row.ticket())).toList();
    this.thresholds = thresholds;
    this.out = out;
  }

  private static Row row(CsvRows.Row row, int number) {
    return new Row(
        row.need("Scenario"),
        row.need("Subject"),
        new Ticket(
            "t" + number,
            row.get("Summary"),
            row.get("Description"),
            row.get("Service"),
            row.get("Category"),
            BEGIN.plusSeconds(60 * minutes(row))));
  }

  private static long minutes(CsvRows.Row row) {
    try {
      return Long.parseLong(row.need("Minutes"));
    } catch (NumberFormatException e) {
      throw row.bad("Minutes", "is no whole number");
    }
  }

  void measure() {
    print("pairs alone", pairs());
    print("replayed", replay());
    print("days apart", replayApart());
  }

  private void print(String name, Score score) {
    out.printf(
        Locale.ROOT,
        "%-12s automatic joins %d, right %d, could join %d: precision %.3f, recall %.3f%n",
        name,
        score.joined(),
        score.right(),
        score.joinable(),
        score.precision(),
        score.recall());
  }

  /** Each two tickets of one scenario, in an index that holds nothing else. */
  Score pairs() {
    int joined = 0;
    int right = 0;
    int joinable = 0;
    for (int later = 0; later < rows.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        if (!rows.get(earlier).scenario().equals(rows.get(later).scenario())) {
          continue;
        }
        boolean same = rows.get(earlier).sameSubject(rows.get(later));
        boolean joins = joins(earlier, later);
        joinable += same ? 1 : 0;
        joined += joins ? 1 : 0;
        right += same && joins ? 1 : 0;
        if (same != joins) {
          out.printf(
              "  %s: %s | %s%n",
              joins ? "joined wrongly" : "not joined",
              rows.get(earlier).ticket().title(),
              rows.get(later).ticket().title());
        }
      }
    }
    return new Score(joined, right, joinable);
  }

  private boolean joins(int earlier, int later) {
    try (TicketIndex index = new LuceneTicketIndex()) {
      index.put(readings.get(earlier));
      Optional<Similarity> alike =
          index.compare(readings.get(later), rows.get(earlier).ticket().id());
      return isSure(alike.stream().toList(), () -> alike);
    }
  }

  private boolean isSure(List<Similarity> members, Supplier<Optional<Similarity>> primary) {
    return new GroupSimilarity(members)
        .isSure(thresholds.automatic(), thresholds.propose(), primary);
  }

  /** All scenarios begin at the same time, so that those of one service overlap. */
  Score replay() {
    return replay(readings);
  }

  /** Each scenario on days of its own. */
  Score replayApart() {
    List<String> scenarios = rows.stream().map(Row::scenario).distinct().toList();
    List<PreparedTicket> apart = new ArrayList<>();
    for (int at = 0; at < rows.size(); at++) {
      apart.add(
          later(readings.get(at), APART.multipliedBy(scenarios.indexOf(rows.get(at).scenario()))));
    }
    return replay(apart);
  }

  private static PreparedTicket later(PreparedTicket reading, Duration later) {
    Ticket ticket = reading.ticket();
    return new PreparedTicket(
        new Ticket(
            ticket.id(),
            ticket.title(),
            ticket.description(),
            ticket.service(),
            ticket.category(),
            ticket.openedAt().plus(later)),
        reading.subject(),
        reading.embedding());
  }

  /** A ticket that joined another is in that one's group, as in operation. */
  private Score replay(List<PreparedTicket> readings) {
    int joined = 0;
    int right = 0;
    int joinable = 0;
    Map<String, Row> byId = new HashMap<>();
    Map<String, String> primaries = new HashMap<>();
    Set<String> seen = new HashSet<>();
    try (TicketIndex index = new LuceneTicketIndex()) {
      for (int at : inOrder(readings)) {
        Row row = rows.get(at);
        Optional<Row> primary = primary(index, readings.get(at), primaries).map(byId::get);
        boolean known = !seen.add(row.scenario() + "\n" + row.subject());
        boolean same = primary.filter(row::sameSubject).isPresent();
        joinable += known ? 1 : 0;
        joined += primary.isPresent() ? 1 : 0;
        right += same ? 1 : 0;
        if (primary.isPresent() && !same || known && primary.isEmpty()) {
          out.printf(
              "  replayed, %s: %s%n",
              primary
                  .map(wrong -> "joined wrongly with " + wrong.ticket().title())
                  .orElse("not joined"),
              row.ticket().title());
        }
        String id = row.ticket().id();
        byId.put(id, row);
        primaries.put(id, primary.map(found -> found.ticket().id()).orElse(id));
        index.put(readings.get(at));
      }
    }
    return new Score(joined, right, joinable);
  }

  private static List<Integer> inOrder(List<PreparedTicket> readings) {
    List<Integer> order = new ArrayList<>();
    for (int at = 0; at < readings.size(); at++) {
      order.add(at);
    }
    order.sort(Comparator.comparing(at -> readings.get(at).ticket().openedAt()));
    return order;
  }

  /** As in operation: by groups, the best first. */
  private Optional<String> primary(
      TicketIndex index, PreparedTicket reading, Map<String, String> primaries) {
    Map<String, List<Similarity>> groups = new LinkedHashMap<>();
    for (Match match : index.findSimilar(reading, MEMBERS)) {
      if (match.similarity().score() >= thresholds.propose()) {
        groups
            .computeIfAbsent(
                primaries.getOrDefault(match.id(), match.id()), id -> new ArrayList<>())
            .add(match.similarity());
      }
    }
    return groups.entrySet().stream()
        .filter(group -> isSure(group.getValue(), () -> index.compare(reading, group.getKey())))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
