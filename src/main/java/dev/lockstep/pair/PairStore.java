package dev.lockstep.pair;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code pair}. A record is in at most one pair for each mapping. */
@Component
public class PairStore {
  /** Shown for a record that is to be created. */
  private static final String MISSING = "(none yet)";

  /** Stores records and audit entries of a pair together with the pair: one round trip. */
  private static final String WITH_RECORDS_AND_AUDIT =
      """
      , stored as (
        insert into record (ref, correlation, state, revision)
        select x.ref, :correlation, x.state, x.revision
        from jsonb_to_recordset(:records::jsonb) as x(ref text, state jsonb, revision bigint), saved
        on conflict (ref) do update
          set correlation = excluded.correlation, state = excluded.state, revision = excluded.revision
          where record.revision = excluded.revision - 1
        returning ref),
      entered as (
        %s, saved)
      select (select count(*) from saved) as pairs, (select count(*) from stored) as records
      """
          .formatted(AuditStore.INSERT);

  private final JdbcClient jdbc;
  private final JsonColumns json;
  private final PairRowMapper rows;
  private final RecordStore records;
  private final AuditStore audit;
  private final Clock clock;

  public PairStore(
      JdbcClient jdbc, ObjectMapper json, RecordStore records, AuditStore audit, Clock clock) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "pair");
    this.rows = new PairRowMapper(json, records);
    this.records = records;
    this.audit = audit;
    this.clock = clock;
  }

  public Optional<Pair> find(UUID id) {
    return jdbc.sql(PairRowMapper.SELECT + "where id = ?").param(id).query(rows).optional();
  }

  /** By id, those that exist. */
  public Map<UUID, Pair> findAll(Collection<UUID> ids) {
    return jdbc
        .sql(PairRowMapper.SELECT + "where id = any(?)")
        .param(ids.toArray(UUID[]::new))
        .query(rows)
        .list()
        .stream()
        .collect(Collectors.toMap(Pair::id, pair -> pair));
  }

  /** The pairs of a correlation in the order in which they were started. */
  public Correlation load(UUID correlation) {
    return new Correlation(
        correlation,
        jdbc.sql(PairRowMapper.SELECT + "where pair.correlation = ? order by pair.created_at, id")
            .param(correlation)
            .query(rows)
            .list());
  }

  /** The correlations of these records, each once. */
  public List<Correlation> loadAll(Collection<RecordRef> refs) {
    Map<UUID, List<Pair>> pairs = new LinkedHashMap<>();
    jdbc.sql(
            PairRowMapper.SELECT
                + """
                where pair.correlation in (select correlation from record where ref = any(?))
                order by pair.created_at, id
                """)
        .param(RecordStore.names(refs))
        .query(rows)
        .list()
        .forEach(
            pair -> pairs.computeIfAbsent(pair.correlation(), id -> new ArrayList<>()).add(pair));
    return pairs.entrySet().stream()
        .map(entry -> new Correlation(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The pairs of a record. */
  public List<Pair> findAll(RecordRef ref) {
    return jdbc.sql(
            PairRowMapper.SELECT
                + "where left_ref = :ref or right_ref = :ref order by pair.created_at, id")
        .param("ref", ref.toString())
        .query(rows)
        .list();
  }

  /** The pair of a record under a mapping. */
  public Optional<Pair> find(RecordRef ref, String mapping) {
    return findAll(ref).stream().filter(pair -> pair.mapping().equals(mapping)).findFirst();
  }

  /** The display keys of a correlation's records, for example {@code INC0010001 ⇄ #42}. */
  public Optional<String> titleOf(UUID correlation) {
    Set<String> keys = new LinkedHashSet<>();
    jdbc.sql(
            """
            select l.state ->> 'key' as l, r.state ->> 'key' as r
            from pair left join record l on l.ref = left_ref left join record r on r.ref = right_ref
            where pair.correlation = ? order by created_at, id
            """)
        .param(correlation)
        .query(
            rs -> {
              for (String key : new String[] {rs.getString("l"), rs.getString("r")}) {
                keys.add(key == null ? MISSING : key);
              }
            });
    return keys.isEmpty() ? Optional.empty() : Optional.of(String.join(" ⇄ ", keys));
  }

  /**
   * Stores a new pair and its records, in the caller's transaction.
   *
   * @throws org.springframework.dao.DuplicateKeyException if one of its records already has a pair
   *     of this mapping
   * @throws OptimisticLockingFailureException if one of its records was stored by someone else
   *     since it was loaded
   */
  public Pair insert(Pair pair, AuditEntry entry) {
    return execute(
        """
        with saved as (
          insert into pair (id, correlation, mapping, left_ref, right_ref, state, creating, linked,
            revision, base, gaps, gap_count, notes_since, created_at, changed_at)
          values (:id, :correlation, :mapping, :left, :right, :state, :creating, :linked,
            :revision + 1, :base::jsonb, :gaps::jsonb, :gapCount, cast(:notesSince as timestamptz), :now, :now)
          returning id)
        """,
        pair,
        List.of(entry));
  }

  /**
   * Stores the pair, its changed records and its audit entries, in the caller's transaction.
   *
   * @return the pair with its new revision
   * @throws OptimisticLockingFailureException if another process stored it, or one of its records,
   *     meanwhile; the slower one must not overwrite what the other agreed on
   */
  public Pair save(Pair pair, List<AuditEntry> entries) {
    return execute(
        """
        with saved as (
          update pair set correlation = :correlation, left_ref = :left, right_ref = :right,
            state = :state, creating = :creating, linked = :linked, revision = :revision + 1,
            base = :base::jsonb, gaps = :gaps::jsonb, gap_count = :gapCount, changed_at = :now
          where id = :id and revision = :revision and mapping = :mapping
          returning id)
        """,
        pair,
        entries);
  }

  private record Counts(int pairs, int records) {}

  private Pair execute(String statement, Pair pair, List<AuditEntry> entries) {
    Counts saved =
        jdbc.sql(statement + WITH_RECORDS_AND_AUDIT)
            .params(rows.toParameters(pair))
            .param("now", Timestamp.from(clock.instant()))
            .param("subject", subject(pair.id()).toString())
            .param("entries", json.write(entries))
            .query((rs, i) -> new Counts(rs.getInt("pairs"), rs.getInt("records")))
            .single();
    if (saved.pairs() == 0) {
      throw new OptimisticLockingFailureException(
          "Pair " + pair.id() + " was stored by someone else since revision " + pair.revision());
    }
    if (saved.records() < pair.unsaved().size()) {
      throw new OptimisticLockingFailureException(
          "A record of pair " + pair.id() + " was stored by someone else since it was loaded");
    }
    return pair.stored();
  }

  /**
   * Deletes a pair that was cancelled before it was linked.
   *
   * @throws OptimisticLockingFailureException if it was stored by someone else since it was loaded:
   *     it may be linked by now
   */
  public void delete(Pair pair) {
    int deleted =
        jdbc.sql("delete from pair where id = ? and revision = ?")
            .params(pair.id(), pair.revision())
            .update();
    if (deleted == 0) {
      throw new OptimisticLockingFailureException(
          "Pair " + pair.id() + " was stored by someone else since revision " + pair.revision());
    }
    records.releaseUnpaired(pair.records());
    records.deleteUnused(pair.records());
  }

  /**
   * Ends a pair and releases its left record, which stays in its correlation with its other pairs.
   * So does the right one; only without other pairs it leaves, with the ended pair.
   */
  public void release(Pair pair, AuditEntry entry) {
    RecordRef right = pair.right();
    boolean stays = right != null && findAll(right).size() > 1;
    Pair ended =
        save(pair.withoutLeft(stays ? pair.correlation() : UUID.randomUUID()), List.of(entry));
    if (!stays) {
      records.move(ended.records(), ended.correlation());
    }
    records.releaseUnpaired(pair.records());
  }

  /** Moves all pairs and records of a correlation to another one. */
  public void merge(UUID correlation, UUID into) {
    jdbc.sql("update pair set correlation = ?, revision = revision + 1 where correlation = ?")
        .params(into, correlation)
        .update();
    jdbc.sql("update record set correlation = ?, revision = revision + 1 where correlation = ?")
        .params(into, correlation)
        .update();
  }

  public void record(UUID pair, List<AuditEntry> entries) {
    audit.record(subject(pair), entries);
  }

  /** The audit of a pair, oldest first. */
  List<AuditEvent> history(UUID pair) {
    return audit.findAll(subject(pair));
  }

  /** The latest entries of one kind, newest first. */
  public List<AuditEntry> latest(UUID pair, String what, int most) {
    return audit.findLatest(subject(pair), what, most).stream().map(AuditEvent::entry).toList();
  }

  private static AuditSubject subject(UUID pair) {
    return new AuditSubject("pair", pair.toString());
  }
}
