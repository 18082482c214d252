package dev.lockstep.similarity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** Replays outages, linked automatically by the rules for groups of {@code docs/duplicates.md}. */
final class OutageTest {
  private static final Path DEMO = Path.of("src/sandbox/resources/demo/outage-tickets.csv");
  private static final Path HELD_OUT =
      Path.of("src/test/resources/duplicates/held-out-outages.csv");
  private static final Path SECOND = Path.of("src/test/resources/duplicates/second-outages.csv");

  private static final int MEMBERS = 60;

  /** The labelled subject of each ticket, and the primary that it is linked to. */
  private record Linked(String about, String primary) {}

  @Test
  void mostOfFortyClinicsAndTheirAlertsBecomeOneGroupAndNothingElseIsLinked() throws IOException {
    List<Linked> all = replay(DEMO, new TicketPreparer(Tickets.MODEL));
    assertThat(all).hasSize(48);
    assertThat(largest(all, "clinic", "alert")).isGreaterThanOrEqualTo(24);
    assertThat(falseLinks(all)).isEmpty();
    assertThat(primaries(all, "unrelated")).hasSize(5);
  }

  @Test
  void tuningTextsHaveNoFalseLink() throws IOException {
    assertThat(falseLinks(replay(SECOND, new TicketPreparer(Tickets.MODEL)))).isEmpty();
  }

  @Test
  void textsHeldOutHaveNoFalseLink() throws IOException {
    assertThat(falseLinks(replay(HELD_OUT, new TicketPreparer(Tickets.MODEL)))).isEmpty();
  }

  @Test
  void withoutEmbeddingsNothingIsLinkedWrongly() throws IOException {
    for (Path file : List.of(DEMO, SECOND, HELD_OUT)) {
      assertThat(falseLinks(replay(file, new TicketPreparer(Embedding.none()))))
          .as("%s", file)
          .isEmpty();
    }
  }

  private static Set<String> primaries(List<Linked> all, String... about) {
    Set<String> found = new HashSet<>();
    all.stream()
        .filter(one -> List.of(about).contains(one.about()))
        .forEach(one -> found.add(one.primary()));
    return found;
  }

  /** The size of the largest group. */
  private static int largest(List<Linked> all, String... about) {
    return primaries(all, about).stream()
        .mapToInt(
            primary -> (int) all.stream().filter(one -> one.primary().equals(primary)).count())
        .max()
        .orElse(0);
  }

  /** Primaries with tickets about more than one subject. */
  private static List<String> falseLinks(List<Linked> all) {
    Map<String, Set<String>> about = new HashMap<>();
    for (Linked one : all) {
      about
          .computeIfAbsent(one.primary(), unseen -> new HashSet<>())
          .add(one.about().equals("alert") ? "clinic" : one.about());
    }
    return about.entrySet().stream()
        .filter(one -> one.getValue().size() > 1)
        .map(one -> one.getKey() + one.getValue())
        .toList();
  }

  private static List<Linked> replay(Path file, TicketPreparer reader) throws IOException {
    Map<String, String> primaries = new HashMap<>();
    List<Linked> all = new ArrayList<>();
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (TicketIndex index = new LuceneTicketIndex();
        CSVParser rows = CSVParser.parse(file, StandardCharsets.UTF_8, format)) {
      for (CSVRecord row : rows) {
        String id = "t" + rows.getRecordNumber();
        PreparedTicket reading = reader.prepare(ticket(id, row));
        Optional<String> primary = primary(index, reading, primaries);
        index.put(reading);
        primaries.put(id, primary.orElse(id));
        all.add(new Linked(row.get(0), primary.orElse(id)));
      }
    }
    return all;
  }

  private static Optional<String> primary(
      TicketIndex index, PreparedTicket reading, Map<String, String> primaries) {
    Thresholds thresholds = Thresholds.defaults();
    Map<String, List<Similarity>> groups = new LinkedHashMap<>();
    index.findSimilar(reading, MEMBERS).stream()
        .filter(match -> match.similarity().score() >= thresholds.propose())
        .forEach(
            match ->
                groups
                    .computeIfAbsent(primaries.get(match.id()), id -> new ArrayList<>())
                    .add(match.similarity()));
    return groups.entrySet().stream()
        .filter(
            group ->
                new GroupSimilarity(group.getValue())
                    .isSure(
                        thresholds.automatic(),
                        thresholds.propose(),
                        () -> index.compare(reading, group.getKey())))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static Ticket ticket(String id, CSVRecord row) {
    return new Ticket(
        id,
        row.get("title"),
        row.get("description"),
        row.get("service"),
        row.get("category"),
        Tickets.MORNING.plusSeconds(60 * Long.parseLong(row.get("minutes-after-start"))));
  }
}
