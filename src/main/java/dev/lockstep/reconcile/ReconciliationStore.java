package dev.lockstep.reconcile;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables {@code reconciliation} and {@code drift}. At most one run is not finished. */
@Component
class ReconciliationStore {
  private static final TypeReference<Map<String, Drift.Values>> FIELDS = new TypeReference<>() {};

  /** Correlations with a pair that is kept in sync, or was until a record was deleted. */
  private static final String COMPARED = "from pair where state in ('LINKED', 'BROKEN')";

  private final JdbcClient jdbc;
  private final AuditStore audit;
  private final JsonColumns json;
  private final Clock clock;

  ReconciliationStore(JdbcClient jdbc, AuditStore audit, ObjectMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.audit = audit;
    this.json = new JsonColumns(json, "drift");
    this.clock = clock;
  }

  /**
   * Starts a run; one that an operator started is in the audit.
   *
   * @param by empty for a scheduled run
   * @return empty if another run is not finished
   */
  Optional<Reconciliation> start(Reconciliation.Mode mode, String by) {
    Optional<Reconciliation> started = insert(mode, by);
    started.filter(run -> !by.isEmpty()).ifPresent(this::record);
    return started;
  }

  private void record(Reconciliation run) {
    audit.record(
        new AuditSubject("reconciliation", String.valueOf(run.id())),
        List.of(
            new AuditEntry(
                "started",
                "Reconciliation started: " + run.mode().name().toLowerCase(Locale.ROOT),
                Map.of(),
                run.startedBy())));
  }

  private Optional<Reconciliation> insert(Reconciliation.Mode mode, String by) {
    return jdbc.sql(
            """
            insert into reconciliation (mode, started_by, started_at, total, checked, postponed)
            select ?, ?, ?, count(distinct correlation), 0, 0 %s
            on conflict do nothing
            returning *
            """
                .formatted(COMPARED))
        .params(mode.name(), by, now())
        .query(ReconciliationStore::run)
        .optional();
  }

  Optional<Reconciliation> findLatest() {
    return jdbc.sql("select * from reconciliation order by id desc limit 1")
        .query(ReconciliationStore::run)
        .optional();
  }

  /** The correlation to compare next. */
  Optional<UUID> findNext(Reconciliation run) {
    return jdbc.sql(
            "select correlation "
                + COMPARED
                + " and (cast(:position as uuid) is null or correlation > :position)"
                + " order by correlation limit 1")
        .param("position", run.position())
        .query(UUID.class)
        .optional();
  }

  /** Stores that a correlation was compared, or postponed. */
  Reconciliation advance(Reconciliation run, UUID position, boolean compared) {
    return jdbc.sql(
            """
            update reconciliation
            set position = ?, checked = checked + ?, postponed = postponed + ? where id = ?
            returning *
            """)
        .params(position, compared ? 1 : 0, compared ? 0 : 1, run.id())
        .query(ReconciliationStore::run)
        .single();
  }

  void finish(Reconciliation run) {
    jdbc.sql("update reconciliation set finished_at = ? where id = ?")
        .params(now(), run.id())
        .update();
  }

  /** Adds what was found; a record counts once in a run. */
  void add(Reconciliation run, Drift drift) {
    jdbc.sql(
            """
            insert into drift (reconciliation, record, key, problem, fields, reason, found_at)
            values (?, ?, ?, ?, ?::jsonb, ?, ?)
            on conflict do nothing
            """)
        .params(
            run.id(),
            drift.record().toString(),
            drift.key(),
            drift.problem().name(),
            json.write(drift.fields()),
            drift.reason(),
            now())
        .update();
  }

  /** What a run found, in the order in which it did. */
  List<Drift> findDrift(Reconciliation run, int most) {
    return jdbc.sql(
            "select * from drift where reconciliation = ? order by found_at, record limit ?")
        .params(run.id(), most)
        .query(this::drift)
        .list();
  }

  Map<Drift.Problem, Long> countDrift(Reconciliation run) {
    Map<Drift.Problem, Long> counts = new EnumMap<>(Drift.Problem.class);
    jdbc.sql("select problem, count(*) as n from drift where reconciliation = ? group by problem")
        .param(run.id())
        .query(
            rs -> {
              counts.put(Drift.Problem.valueOf(rs.getString("problem")), rs.getLong("n"));
            });
    return counts;
  }

  /** Records to repair for which there is work that is not done, or failed. */
  long countUnsettled(Reconciliation run) {
    return jdbc.sql(
            """
            select count(*) from drift join record on ref = drift.record
            where reconciliation = ? and problem <> 'UNREADABLE' and exists (
              select 1 from inbox_entry where subject = 'correlation:' || record.correlation)
            """)
        .param(run.id())
        .query(Long.class)
        .single();
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }

  private static Reconciliation run(ResultSet rs, int index) throws SQLException {
    @Nullable Timestamp finished = rs.getTimestamp("finished_at");
    return new Reconciliation(
        rs.getLong("id"),
        Reconciliation.Mode.valueOf(rs.getString("mode")),
        rs.getString("started_by"),
        rs.getTimestamp("started_at").toInstant(),
        finished == null ? null : finished.toInstant(),
        rs.getObject("position", UUID.class),
        rs.getLong("total"),
        rs.getLong("checked"),
        rs.getLong("postponed"));
  }

  private Drift drift(ResultSet rs, int index) throws SQLException {
    return new Drift(
        RecordRef.parse(rs.getString("record")),
        rs.getString("key"),
        Drift.Problem.valueOf(rs.getString("problem")),
        json.read(rs.getString("fields"), FIELDS),
        rs.getString("reason"));
  }
}
