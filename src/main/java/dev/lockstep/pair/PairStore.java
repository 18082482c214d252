package dev.lockstep.pair;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.JsonColumns;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Snapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables {@code pair} and {@code pair_history}. */
public class PairStore {
  private static final TypeReference<Map<String, AgreedValue>> BASE = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
  private static final TypeReference<Snapshot> SNAPSHOT = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;
  private final Clock clock;

  public PairStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "pair");
    this.clock = clock;
  }

  public Optional<Pair> find(UUID id) {
    return jdbc.sql("select * from pair where id = ?").param(id).query(this::pair).optional();
  }

  public Optional<Pair> find(RecordRef ref) {
    return jdbc.sql("select * from pair where left_ref = :ref or right_ref = :ref")
        .param("ref", ref.toString())
        .query(this::pair)
        .optional();
  }

  /** The display keys of a pair's records; null for a record that was not fetched yet. */
  public record Keys(@Nullable String left, @Nullable String right) {}

  /** Reads only the keys, since a pair may be large. */
  public Optional<Keys> keysOf(UUID id) {
    return jdbc.sql("select left_seen ->> 'key' l, right_seen ->> 'key' r from pair where id = ?")
        .param(id)
        .query((rs, i) -> new Keys(rs.getString("l"), rs.getString("r")))
        .optional();
  }

  /**
   * @throws org.springframework.dao.DuplicateKeyException if one of its records already has a pair
   */
  public void insert(Pair pair, AuditEntry entry) {
    jdbc.sql(
            """
            insert into pair (id, mapping, left_ref, right_ref, state, creating, linked, revision,
              base, left_seen, right_seen, gaps, gap_count, created_at, changed_at)
            values (:id, :mapping, :left, :right, :state, :creating, :linked, :revision,
              :base::jsonb, :leftSeen::jsonb, :rightSeen::jsonb, :gaps::jsonb, :gapCount, :now, :now)
            """)
        .params(columns(pair))
        .update();
    record(pair.id(), List.of(entry));
  }

  /**
   * Saves the pair and its audit entries, in the caller's transaction.
   *
   * @return the pair with its new revision
   * @throws OptimisticLockingFailureException if another process saved it meanwhile; the slower one
   *     must not overwrite what the other agreed on
   */
  public Pair save(Pair pair, List<AuditEntry> entries) {
    int updated =
        jdbc.sql(
                """
                update pair set left_ref = :left, right_ref = :right, state = :state,
                  creating = :creating, linked = :linked, revision = :revision + 1,
                  base = :base::jsonb, left_seen = :leftSeen::jsonb, right_seen = :rightSeen::jsonb,
                  gaps = :gaps::jsonb, gap_count = :gapCount, changed_at = :now
                where id = :id and revision = :revision and mapping = :mapping
                """)
            .params(columns(pair))
            .update();
    if (updated == 0) {
      throw new OptimisticLockingFailureException(
          "Pair " + pair.id() + " was saved by someone else since revision " + pair.revision());
    }
    record(pair.id(), entries);
    return pair.withNextRevision();
  }

  /** Deletes a pair that was cancelled before it was linked. */
  public void delete(Pair pair) {
    jdbc.sql("delete from pair_history where pair_id = ?").param(pair.id()).update();
    jdbc.sql("delete from pair where id = ?").param(pair.id()).update();
  }

  public void record(UUID pair, List<AuditEntry> entries) {
    for (AuditEntry entry : entries) {
      jdbc.sql(
              "insert into pair_history (pair_id, at, what, text, details) values"
                  + " (?,?,?,?,?::jsonb)")
          .params(
              pair,
              Timestamp.from(clock.instant()),
              entry.what(),
              entry.text(),
              json.write(entry.details()))
          .update();
    }
  }

  /** The latest entries of one kind, newest first. */
  public List<AuditEntry> latest(UUID pair, String what, int most) {
    return jdbc.sql(
            """
            select * from pair_history where pair_id = ? and what = ? order by id desc limit ?
            """)
        .params(pair, what, most)
        .query(
            (rs, i) ->
                new AuditEntry(
                    rs.getString("what"),
                    rs.getString("text"),
                    json.read(rs.getString("details"), TEXTS)))
        .list();
  }

  private Map<String, @Nullable Object> columns(Pair pair) {
    var columns = new java.util.HashMap<String, @Nullable Object>();
    columns.put("id", pair.id());
    columns.put("mapping", pair.mapping());
    columns.put("left", text(pair.left()));
    columns.put("right", text(pair.right()));
    columns.put("state", pair.state().name());
    columns.put("creating", pair.creating());
    columns.put("linked", pair.linked());
    columns.put("revision", pair.revision());
    columns.put("base", json.write(pair.base()));
    columns.put("leftSeen", pair.leftSeen() == null ? null : json.write(pair.leftSeen()));
    columns.put("rightSeen", pair.rightSeen() == null ? null : json.write(pair.rightSeen()));
    columns.put("gaps", json.write(pair.gaps()));
    columns.put("gapCount", pair.gaps().size());
    columns.put("now", Timestamp.from(clock.instant()));
    return columns;
  }

  private static @Nullable String text(@Nullable RecordRef ref) {
    return ref == null ? null : ref.toString();
  }

  private static @Nullable RecordRef ref(@Nullable String text) {
    return text == null ? null : RecordRef.parse(text);
  }

  Pair pair(ResultSet rs, int index) throws SQLException {
    return new Pair(
        rs.getObject("id", UUID.class),
        rs.getString("mapping"),
        ref(rs.getString("left_ref")),
        ref(rs.getString("right_ref")),
        Pair.State.valueOf(rs.getString("state")),
        rs.getBoolean("creating"),
        rs.getBoolean("linked"),
        rs.getLong("revision"),
        json.read(rs.getString("base"), BASE),
        snapshot(rs.getString("left_seen")),
        snapshot(rs.getString("right_seen")),
        json.read(rs.getString("gaps"), TEXTS));
  }

  private @Nullable Snapshot snapshot(@Nullable String text) {
    return text == null ? null : json.read(text, SNAPSHOT);
  }
}
