package dev.lockstep.incident;

import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code incident}. */
@Component
public class IncidentStore {
  private final JdbcClient jdbc;

  public IncidentStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public Optional<IncidentFacts> find(RecordRef record) {
    return jdbc.sql("select * from incident where record = ?")
        .param(record.toString())
        .query(IncidentStore::row)
        .optional();
  }

  /** Those of these records that are incidents. */
  public List<IncidentFacts> findAll(Collection<RecordRef> records) {
    return jdbc.sql("select * from incident where record = any(?) order by record")
        .param(RecordStore.names(records))
        .query(IncidentStore::row)
        .list();
  }

  /** Those of these levels that are not resolved. */
  public List<IncidentFacts> findOpen(Collection<String> levels) {
    return jdbc.sql("select * from incident where stage <> 'RESOLVED' and level = any(?)")
        .param(levels.toArray(String[]::new))
        .query(IncidentStore::row)
        .list();
  }

  /** How many of this level are not resolved. */
  long countOpen(String level) {
    return jdbc.sql("select count(*) from incident where stage <> 'RESOLVED' and level = ?")
        .param(level)
        .query(Long.class)
        .single();
  }

  /** Stores it unless it is stored already. */
  void add(IncidentFacts facts) {
    insert(facts, "do nothing");
  }

  void save(IncidentFacts facts) {
    insert(
        facts,
        """
        do update set
          mapping = excluded.mapping, level = excluded.level, major = excluded.major,
          stage = excluded.stage, service = excluded.service, team = excluded.team,
          manager = excluded.manager, opened_at = excluded.opened_at,
          acknowledged_at = excluded.acknowledged_at, mitigated_at = excluded.mitigated_at,
          resolved_at = excluded.resolved_at, changed_at = excluded.changed_at,
          reopened = excluded.reopened
        """);
  }

  private void insert(IncidentFacts facts, String onConflict) {
    jdbc.sql(
            """
            insert into incident (record, mapping, level, major, stage, service, team, manager,
              opened_at, seen_at, acknowledged_at, mitigated_at, resolved_at, changed_at, reopened)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (record)
            """
                + onConflict)
        .param(facts.record().toString())
        .param(facts.mapping())
        .param(facts.level())
        .param(facts.major())
        .param(facts.stage().name())
        .param(facts.service())
        .param(facts.team())
        .param(facts.manager())
        .param(timestamp(facts.openedAt()))
        .param(timestamp(facts.seenAt()))
        .param(timestamp(facts.acknowledgedAt()))
        .param(timestamp(facts.mitigatedAt()))
        .param(timestamp(facts.resolvedAt()))
        .param(timestamp(facts.changedAt()))
        .param(facts.reopened())
        .update();
  }

  /**
   * Records in a pair that are of this kind and have no row yet, in order of their names.
   *
   * @param after the last one of the previous page; empty for the first
   */
  List<RecordRef> findMissing(String system, String kind, String after, int most) {
    return jdbc
        .sql(
            """
            select ref from record
            where starts_with(ref, ?) and ref > ? and correlation is not null
              and not exists (select 1 from incident where record = ref)
            order by ref limit ?
            """)
        .param(system + "/" + kind + "/")
        .param(after)
        .param(most)
        .query(String.class)
        .list()
        .stream()
        .map(RecordRef::parse)
        .toList();
  }

  private static IncidentFacts row(ResultSet rs, int index) throws SQLException {
    return new IncidentFacts(
        RecordRef.parse(rs.getString("record")),
        rs.getString("mapping"),
        rs.getString("level"),
        rs.getBoolean("major"),
        IncidentStage.valueOf(rs.getString("stage")),
        rs.getString("service"),
        rs.getString("team"),
        rs.getString("manager"),
        instant(rs, "opened_at"),
        rs.getTimestamp("seen_at").toInstant(),
        instant(rs, "acknowledged_at"),
        instant(rs, "mitigated_at"),
        instant(rs, "resolved_at"),
        rs.getTimestamp("changed_at").toInstant(),
        rs.getInt("reopened"));
  }

  static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    Timestamp at = rs.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  static @Nullable Timestamp timestamp(@Nullable Instant at) {
    return at == null ? null : Timestamp.from(at);
  }
}
