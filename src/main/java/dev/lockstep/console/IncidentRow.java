package dev.lockstep.console;

import dev.lockstep.pair.CorrelationQueries.Line;
import dev.lockstep.pair.CorrelationQueries.Status;
import dev.lockstep.record.RecordState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A correlation in the list of incidents. */
record IncidentRow(
    String id,
    List<RecordLink> records,
    String title,
    String service,
    String assignee,
    Status status,
    Instant startedAt,
    Instant changedAt) {

  /**
   * A record in one system.
   *
   * @param state its status as its mapping reads it; empty if unknown
   */
  record RecordLink(String ref, String system, String key, String url, String state) {
    static RecordLink of(RecordState record) {
      return new RecordLink(
          record.ref().toString(),
          record.ref().system(),
          record.key(),
          record.url(),
          value(List.of(record), "status"));
    }
  }

  static IncidentRow of(Line line) {
    Collection<RecordState> records = line.correlation().states().values();
    return new IncidentRow(
        line.correlation().id().toString(),
        records.stream().map(RecordLink::of).toList(),
        value(records, "title"),
        value(records, "service"),
        value(records, "assignee"),
        line.status(),
        line.startedAt(),
        line.changedAt());
  }

  /** The first value that a record has of a field. */
  static String value(Collection<RecordState> records, String field) {
    return records.stream()
        .flatMap(record -> record.values().values().stream())
        .map((Map<String, String> values) -> values.getOrDefault(field, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }
}
