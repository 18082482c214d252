package dev.lockstep.trace;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Snapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Loads many incidents at once from pairs and tickets, with two queries regardless of their number.
 */
@Component
class IncidentQueries {
  private static final TypeReference<Snapshot> SNAPSHOT = new TypeReference<>() {};

  /** Maximum lead of a system's clock over the one that dated the pair. */
  private static final Duration CLOCKS = Duration.ofHours(1);

  /** The fields of a record without its texts, which may be long. */
  private static final String PAIRS =
      """
      select left_ref, right_ref, created_at,
        jsonb_set(seen - 'values' - 'revision', '{values}', jsonb_strip_nulls(jsonb_build_object(
          'title', seen #> array['values', mapping, 'title'],
          'service', seen #> array['values', mapping, 'service']))) as seen
      from (select pair.*, coalesce(l.state, r.state) as seen from pair
        left join record l on l.ref = left_ref left join record r on r.ref = right_ref) known
      where state <> 'ENDED' and seen is not null
        and coalesce(left_ref, '') not like 'lockstep/%'
        and coalesce(right_ref, '') not like 'lockstep/%'
      """;

  /** The time given by its system, in either notation, else the time it was paired. */
  private static final String OPENED_AT =
      """
      coalesce(case jsonb_typeof(seen -> 'openedAt')
        when 'string' then (seen ->> 'openedAt')::timestamptz
        when 'number' then to_timestamp((seen ->> 'openedAt')::double precision) end, created_at)
      """;

  private static final String TICKETS =
      """
      select record, title, service, opened_at, state ->> 'key' as key, state ->> 'url' as url
      from ticket join record on ref = seen_record
      """;

  private final JdbcClient jdbc;
  private final JsonColumns json;

  IncidentQueries(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "pair");
  }

  /**
   * @param records in every system it is kept in
   * @param openedAt as its system says, else when it was first paired
   */
  record IncidentSummary(
      List<RecordRef> records,
      String key,
      String title,
      String url,
      String service,
      Instant openedAt) {}

  List<IncidentSummary> openedSince(Instant since) {
    List<IncidentSummary> paired =
        jdbc.sql(PAIRS + " and created_at >= ? and " + OPENED_AT + " >= ? order by created_at")
            .params(Timestamp.from(since.minus(CLOCKS)), Timestamp.from(since.minusSeconds(1)))
            .query(this::pair)
            .list();
    List<IncidentSummary> alone =
        jdbc.sql(TICKETS + " where opened_at >= ? and not deleted order by opened_at")
            .param(Timestamp.from(since))
            .query(IncidentQueries::ticket)
            .list();
    return merge(paired, alone).filter(known -> !known.openedAt().isBefore(since)).toList();
  }

  List<IncidentSummary> find(List<RecordRef> records) {
    String[] names = RecordStore.names(records);
    List<IncidentSummary> paired =
        jdbc.sql(PAIRS + " and (left_ref = any(:names) or right_ref = any(:names))")
            .param("names", names)
            .query(this::pair)
            .list();
    List<IncidentSummary> alone =
        jdbc.sql(TICKETS + " where record = any(?)")
            .param(names)
            .query(IncidentQueries::ticket)
            .list();
    return merge(paired, alone).toList();
  }

  /** A ticket that is in a pair is represented by its pair. */
  private static Stream<IncidentSummary> merge(
      List<IncidentSummary> paired, List<IncidentSummary> alone) {
    Set<RecordRef> inPairs = new HashSet<>();
    paired.forEach(known -> inPairs.addAll(known.records()));
    return Stream.concat(
        paired.stream(),
        alone.stream().filter(known -> known.records().stream().noneMatch(inPairs::contains)));
  }

  private IncidentSummary pair(ResultSet rs, int index) throws SQLException {
    Snapshot seen = json.read(rs.getString("seen"), SNAPSHOT);
    List<RecordRef> records = new ArrayList<>();
    for (String column : List.of("left_ref", "right_ref")) {
      @Nullable String ref = rs.getString(column);
      if (ref != null) {
        records.add(RecordRef.parse(ref));
      }
    }
    return new IncidentSummary(
        records,
        seen.key(),
        seen.values().getOrDefault("title", ""),
        seen.url(),
        seen.values().getOrDefault("service", ""),
        Objects.requireNonNullElse(seen.openedAt(), rs.getTimestamp("created_at").toInstant()));
  }

  private static IncidentSummary ticket(ResultSet rs, int index) throws SQLException {
    return new IncidentSummary(
        List.of(RecordRef.parse(rs.getString("record"))),
        rs.getString("key"),
        rs.getString("title"),
        rs.getString("url"),
        rs.getString("service"),
        rs.getTimestamp("opened_at").toInstant());
  }
}
