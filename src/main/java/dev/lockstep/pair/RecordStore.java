package dev.lockstep.pair;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Version;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table {@code record}: how each record last looked, and which correlation it belongs to. The
 * only place where that is stored.
 */
@Component
public class RecordStore {
  private static final TypeReference<RecordState> STATE = new TypeReference<>() {};
  private static final TypeReference<Version> VERSION = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;

  public RecordStore(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "record");
  }

  /**
   * @param correlation null for a record that is in no pair
   */
  public record Known(RecordState state, @Nullable UUID correlation) {}

  public Optional<Known> find(RecordRef ref) {
    return jdbc.sql("select * from record where ref = ?")
        .param(ref.toString())
        .query(
            (rs, i) ->
                new Known(state(rs, "state", "revision"), rs.getObject("correlation", UUID.class)))
        .optional();
  }

  public Optional<RecordState> findState(RecordRef ref) {
    return find(ref).map(Known::state);
  }

  /** The states of those that are stored. */
  public List<RecordState> findStates(Collection<RecordRef> refs) {
    return jdbc.sql("select state, revision from record where ref = any(?)")
        .param(names(refs))
        .query((rs, i) -> state(rs, "state", "revision"))
        .list();
  }

  /**
   * A record in a pair, without its values.
   *
   * @param alive whether all its pairs are synced; for others every event counts
   */
  public record PairedRecord(UUID correlation, Version version, boolean alive) {}

  /** Does not read the record's values, which may be large. */
  public Optional<PairedRecord> findPaired(RecordRef ref) {
    return jdbc.sql(
            """
            select correlation, state -> 'version' as version, not exists (
              select 1 from pair where (left_ref = record.ref or right_ref = record.ref)
                and pair.state in ('BROKEN', 'ENDED', 'UNLINKED')) as alive
            from record where ref = ? and correlation is not null
            """)
        .param(ref.toString())
        .query(
            (rs, i) ->
                new PairedRecord(
                    rs.getObject("correlation", UUID.class),
                    json.read(rs.getString("version"), VERSION),
                    rs.getBoolean("alive")))
        .optional();
  }

  /** The records of a kind that are in linked pairs. */
  public List<RecordState> findLinked(String system, String kind) {
    return jdbc.sql(
            """
            select * from record where starts_with(ref, ?) and exists (
              select 1 from pair where (left_ref = record.ref or right_ref = record.ref)
                and pair.state = 'LINKED')
            """)
        .param(system + "/" + kind + "/")
        .query((rs, i) -> state(rs, "state", "revision"))
        .list();
  }

  public Optional<UUID> correlationOf(RecordRef ref) {
    return jdbc.sql("select correlation from record where ref = ? and correlation is not null")
        .param(ref.toString())
        .query(UUID.class)
        .optional();
  }

  /**
   * Stores a record; its correlation is kept.
   *
   * @return the state with its new revision
   * @throws OptimisticLockingFailureException if it was stored by someone else since it was loaded
   */
  public RecordState save(RecordState state) {
    int saved =
        jdbc.sql(
                """
                insert into record (ref, state, revision) values (?, ?::jsonb, ?)
                on conflict (ref) do update set state = excluded.state, revision = excluded.revision
                  where record.revision = excluded.revision - 1
                """)
            .params(state.ref().toString(), json.write(state.withRevision(0)), state.revision() + 1)
            .update();
    if (saved == 0) {
      throw new OptimisticLockingFailureException(
          state.ref() + " was stored by someone else since revision " + state.revision());
    }
    return state.withRevision(state.revision() + 1);
  }

  /** Stores a record unless it is stored already. */
  public void insertNew(RecordState state) {
    jdbc.sql(
            """
            insert into record (ref, state, revision) values (?, ?::jsonb, 1)
            on conflict (ref) do nothing
            """)
        .params(state.ref().toString(), json.write(state.withRevision(0)))
        .update();
  }

  /** Takes records out of their correlation unless a pair still holds them there. */
  void releaseUnpaired(Collection<RecordRef> refs) {
    jdbc.sql(
            """
            update record set correlation = null where ref = any(?) and not exists (
              select 1 from pair where left_ref = record.ref or right_ref = record.ref)
            """)
        .param(names(refs))
        .update();
  }

  /** Moves records to another correlation. */
  void move(Collection<RecordRef> refs, UUID correlation) {
    jdbc.sql("update record set correlation = ? where ref = any(?)")
        .params(correlation, names(refs))
        .update();
  }

  /** Deletes those of these records that are neither in a pair nor compared with others. */
  public void deleteUnused(Collection<RecordRef> refs) {
    jdbc.sql(
            """
            delete from record where ref = any(?) and correlation is null
              and not exists (select 1 from ticket where ticket.seen_record = record.ref)
            """)
        .param(names(refs))
        .update();
  }

  /** The argument of {@code any(?)}. */
  public static String[] names(Collection<RecordRef> refs) {
    return refs.stream().map(RecordRef::toString).toArray(String[]::new);
  }

  /** One record of the argument of {@code jsonb_to_recordset}. */
  Map<String, Object> row(RecordState state) {
    Map<String, Object> row = new HashMap<>();
    row.put("ref", state.ref().toString());
    row.put("state", state.withRevision(0));
    row.put("revision", state.revision() + 1);
    return row;
  }

  /**
   * Reads a state from a row that joins this table.
   *
   * @throws IllegalStateException when the row has none
   */
  public RecordState state(ResultSet rs, String state, String revision) throws SQLException {
    RecordState found = stateOrNull(rs, state, revision);
    if (found == null) {
      throw new IllegalStateException("A record has no state");
    }
    return found;
  }

  /** The same; null when the row has none. */
  @Nullable RecordState stateOrNull(ResultSet rs, String state, String revision)
      throws SQLException {
    String text = rs.getString(state);
    return text == null ? null : json.read(text, STATE).withRevision(rs.getLong(revision));
  }
}
