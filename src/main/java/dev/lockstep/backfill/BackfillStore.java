package dev.lockstep.backfill;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.StartPolicies;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables {@code backfill} and {@code backfill_record}. At most one run is not finished. */
@Component
class BackfillStore implements StartPolicies {
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  /** How long after a run its records may wait in the inbox. */
  private static final Duration PASSED_ON_WITHIN = Duration.ofHours(1);

  private final JdbcClient jdbc;
  private final JsonColumns json;
  private final Clock clock;

  BackfillStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "backfill_record");
    this.clock = clock;
  }

  /**
   * @return empty if another run is not finished
   */
  Optional<Backfill> start(
      Backfill.Source source,
      @Nullable Instant since,
      Selection selection,
      StartPolicy policy,
      String by,
      int feeds) {
    return jdbc.sql(
            """
            insert into backfill (source, since, system, kind, query, notes, adopt_by, started_by, started_at, feeds, next_at)
            values (:source, cast(:since as timestamptz), :system, :kind, :query, :notes, :adoptBy, :by, :now, :feeds, :now)
            on conflict do nothing
            returning *
            """)
        .param("source", source.name())
        .param("since", since == null ? null : Timestamp.from(since))
        .param("system", selection.system())
        .param("kind", selection.kind())
        .param("query", selection.query())
        .param("notes", policy.notes().name())
        .param("adoptBy", policy.adoptBy())
        .param("by", by)
        .param("now", now())
        .param("feeds", feeds)
        .query(BackfillStore::run)
        .optional();
  }

  Optional<Backfill> find(long id) {
    return jdbc.sql("select * from backfill where id = ?")
        .param(id)
        .query(BackfillStore::run)
        .optional();
  }

  List<Backfill> latest(int most) {
    return jdbc.sql("select * from backfill order by id desc limit ?")
        .param(most)
        .query(BackfillStore::run)
        .list();
  }

  Optional<Backfill> findRunning() {
    return jdbc.sql("select * from backfill where finished_at is null")
        .query(BackfillStore::run)
        .optional();
  }

  /**
   * Stores where it goes on.
   *
   * @param page null if the feed was read to its end
   */
  void advance(Backfill run, @Nullable String page, @Nullable Instant newest, Instant nextAt) {
    jdbc.sql(
            """
            update backfill set feed = feed + :read, page = :page, next_at = :next, problem = null,
              newest = cast(:newest as timestamptz)
            where id = :id and finished_at is null
            """)
        .param("read", page == null ? 1 : 0)
        .param("page", page)
        .param("newest", page == null || newest == null ? null : Timestamp.from(newest))
        .param("next", Timestamp.from(nextAt))
        .param("id", run.id())
        .update();
  }

  void waitUntil(Backfill run, Instant nextAt, @Nullable String problem) {
    jdbc.sql("update backfill set next_at = ?, problem = ? where id = ?")
        .params(Timestamp.from(nextAt), problem, run.id())
        .update();
  }

  void finish(Backfill run) {
    jdbc.sql(
            "update backfill set finished_at = ?, problem = null where id = ? and finished_at is"
                + " null")
        .params(now(), run.id())
        .update();
  }

  Optional<Backfill> stop(String by) {
    return jdbc.sql(
            "update backfill set finished_at = ?, stopped_by = ? where finished_at is null"
                + " returning *")
        .params(now(), by)
        .query(BackfillStore::run)
        .optional();
  }

  /**
   * Adds a record to look at, unless the run has it already.
   *
   * @param basis of a saved plan; empty for a record found by reading
   */
  void add(Backfill run, RecordRef record, Map<String, String> basis) {
    jdbc.sql(
            """
            insert into backfill_record (backfill, record, state, basis, reason)
            values (?, ?, 'WAITING', ?::jsonb, '') on conflict do nothing
            """)
        .params(run.id(), record.toString(), json.write(basis))
        .update();
  }

  /** Adds a record that is passed on together with another one. */
  void addQueued(Backfill run, RecordRef record) {
    jdbc.sql(
            """
            insert into backfill_record (backfill, record, state, basis, reason)
            values (?, ?, 'QUEUED', '{}', '') on conflict do nothing
            """)
        .params(run.id(), record.toString())
        .update();
  }

  /**
   * A record that is not decided yet.
   *
   * @param basis by record, the version that its plan is based on; empty if it has no plan
   */
  record Waiting(RecordRef record, Map<String, String> basis) {}

  List<Waiting> waiting(Backfill run, int most) {
    return jdbc.sql(
            """
            select record, basis from backfill_record
            where backfill = ? and state = 'WAITING' order by record limit ?
            """)
        .params(run.id(), most)
        .query(
            (rs, i) ->
                new Waiting(
                    RecordRef.parse(rs.getString("record")),
                    json.read(rs.getString("basis"), TEXTS)))
        .list();
  }

  /**
   * @param reason why it is refused; empty if it is passed on
   */
  void decide(Backfill run, RecordRef record, String reason) {
    jdbc.sql("update backfill_record set state = ?, reason = ? where backfill = ? and record = ?")
        .params(reason.isEmpty() ? "QUEUED" : "REFUSED", reason, run.id(), record.toString())
        .update();
  }

  /** Counts of a run's records. */
  record Counts(long found, long waiting, long pending) {}

  Counts count(Backfill run) {
    return jdbc.sql(
            """
            select count(*) as found, count(*) filter (where state = 'WAITING') as waiting,
              count(*) filter (where state = 'QUEUED' and exists (
                select 1 from inbox_entry e
                where e.state <> 'DEAD_LETTER' and e.subject in ('record:' || b.record,
                  (select 'correlation:' || r.correlation from record r where r.ref = b.record)))) as pending
            from backfill_record b where backfill = ?
            """)
        .param(run.id())
        .query(
            (rs, i) ->
                new Counts(rs.getLong("found"), rs.getLong("waiting"), rs.getLong("pending")))
        .single();
  }

  /** Pairs that a run's records started, by where their counterpart came from. */
  record Started(long created, long adopted) {}

  Started countStarted(Backfill run) {
    return jdbc.sql(
            """
            select count(*) filter (where creating) as created,
              count(*) filter (where not creating) as adopted
            from pair where created_at >= :started and state <> 'LINKING' and exists (
              select 1 from backfill_record
              where backfill = :run and record = any(array[left_ref, right_ref]))
            """)
        .param("started", Timestamp.from(run.startedAt()))
        .param("run", run.id())
        .query((rs, i) -> new Started(rs.getLong("created"), rs.getLong("adopted")))
        .single();
  }

  List<Backfills.Refused> refused(Backfill run, int most) {
    return jdbc.sql(
            """
            select record, reason from backfill_record
            where backfill = ? and state = 'REFUSED' order by record limit ?
            """)
        .params(run.id(), most)
        .query(
            (rs, i) ->
                new Backfills.Refused(
                    RecordRef.parse(rs.getString("record")), rs.getString("reason")))
        .list();
  }

  /** Entries of the inbox that are processed or will be soon, of whatever origin. */
  long countInboxWork() {
    return jdbc.sql("select count(*) from inbox_entry where state in ('RECEIVED', 'PROCESSING')")
        .query(Long.class)
        .single();
  }

  @Override
  public Optional<StartPolicy> find(RecordRef record) {
    return jdbc.sql(
            """
            select notes, adopt_by from backfill join backfill_record on backfill = id
            where record = ? order by id desc limit 1
            """)
        .param(record.toString())
        .query(
            (rs, i) ->
                new StartPolicy(
                    OlderNotes.valueOf(rs.getString("notes")), rs.getString("adopt_by")))
        .optional();
  }

  /** What a run has passed on may be processed some time after its end. */
  @Override
  public boolean isBackfilled(RecordRef record, @Nullable Instant openedAt) {
    return jdbc.sql(
            """
            select exists (select 1 from backfill run
              join backfill_record passed on passed.backfill = run.id
              join pair on passed.record in (left_ref, right_ref) and pair.state = 'LINKING'
              where passed.record = :record and started_at > cast(:opened as timestamptz)
                and pair.created_at >= started_at
                and (finished_at is null
                  or pair.created_at <= finished_at + cast(:within as interval)))
            """)
        .param("record", record.toString())
        .param("opened", Timestamp.from(openedAt == null ? Instant.EPOCH : openedAt))
        .param("within", PASSED_ON_WITHIN.toString())
        .query(Boolean.class)
        .single();
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }

  private static Backfill run(ResultSet rs, int index) throws SQLException {
    return new Backfill(
        rs.getLong("id"),
        Backfill.Source.valueOf(rs.getString("source")),
        instant(rs, "since"),
        new Selection(rs.getString("system"), rs.getString("kind"), rs.getString("query")),
        OlderNotes.valueOf(rs.getString("notes")),
        rs.getString("adopt_by"),
        rs.getString("started_by"),
        Objects.requireNonNull(instant(rs, "started_at")),
        instant(rs, "finished_at"),
        rs.getString("stopped_by"),
        rs.getInt("feeds"),
        rs.getInt("feed"),
        rs.getString("page"),
        instant(rs, "newest"),
        Objects.requireNonNull(instant(rs, "next_at")),
        rs.getString("problem"));
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    Timestamp time = rs.getTimestamp(column);
    return time == null ? null : time.toInstant();
  }
}
