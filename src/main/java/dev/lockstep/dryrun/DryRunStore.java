package dev.lockstep.dryrun;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables of a dry run. They are in a schema of their own in the service's database; at the
 * start they have the rows of the service's tables.
 */
class DryRunStore {
  /** What a decision depends on, in the order of their references to each other. */
  private static final List<String> COPIED =
      List.of(
          "record",
          "pair",
          "chosen_value",
          "note",
          "note_delivery",
          "ticket",
          "duplicate",
          "postmortem",
          "action_item",
          "problem",
          "problem_incident",
          "closure");

  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;

  DryRunStore(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "audit");
  }

  /**
   * Copies the service's tables, if it has any yet.
   *
   * @return how many pairs were copied
   */
  long copyFrom(String schema) {
    for (String table : COPIED) {
      if (exists(schema, table)) {
        String columns = String.join(", ", columns(table));
        jdbc.sql(
                "insert into %s (%s) overriding system value select %s from %s.%s"
                    .formatted(table, columns, columns, schema, table))
            .update();
        moveIdentityOn(table);
      }
    }
    jdbc.sql(
            "select setval('ticket_revision_seq', (select coalesce(max(revision), 0) + 1 from"
                + " ticket))")
        .query(Long.class)
        .single();
    return jdbc.sql("select count(*) from pair").query(Long.class).single();
  }

  private boolean exists(String schema, String table) {
    return jdbc.sql("select to_regclass(?) is not null")
        .param(schema + "." + table)
        .query(Boolean.class)
        .single();
  }

  private List<String> columns(String table) {
    return jdbc.sql(
            """
            select column_name from information_schema.columns
            where table_schema = current_schema() and table_name = ? and is_generated = 'NEVER'
            order by ordinal_position
            """)
        .param(table)
        .query(String.class)
        .list();
  }

  /** A new row must not get the number of a copied one. */
  private void moveIdentityOn(String table) {
    List<String> numbered =
        jdbc.sql(
                """
                select column_name from information_schema.columns
                where table_schema = current_schema() and table_name = ? and is_identity = 'YES'
                """)
            .param(table)
            .query(String.class)
            .list();
    for (String column : numbered) {
      jdbc.sql(
              "select setval(pg_get_serial_sequence(?, ?), (select coalesce(max(%s), 0) + 1 from %s), false)"
                  .formatted(column, table))
          .params(table, column)
          .query(Long.class)
          .single();
    }
  }

  /** Correlations with a pair that is kept in sync by one of these mappings, oldest first. */
  List<UUID> correlations(List<String> mappings, int most) {
    return jdbc.sql(
            """
            select correlation from pair where mapping = any(?) and state in ('LINKING', 'LINKED')
            group by correlation order by min(created_at), correlation limit ?
            """)
        .params(mappings.toArray(String[]::new), most)
        .query(UUID.class)
        .list();
  }

  List<RecordRef> records(UUID correlation) {
    return jdbc.sql("select ref from record where correlation = ? order by ref")
        .param(correlation)
        .query((rs, i) -> RecordRef.parse(rs.getString("ref")))
        .list();
  }

  /**
   * How far the work is.
   *
   * @param open entries that are processed or will be soon
   * @param retried entries that failed and wait for a retry
   */
  record Progress(long open, long retried) {
    /** Whether nothing more can be expected of it. */
    boolean isDone() {
      return open == 0 && retried == 0;
    }
  }

  /**
   * @param attempts after so many, a failed entry no longer counts
   */
  Progress progress(int attempts) {
    return jdbc.sql(
            """
            select count(*) filter (where state in ('RECEIVED', 'PROCESSING')) as open,
              count(*) filter (
                where state = 'FAILED' and attempts < ? and waits_for = '{}') as retried
            from inbox_entry
            """)
        .param(attempts)
        .query((rs, i) -> new Progress(rs.getLong("open"), rs.getLong("retried")))
        .single();
  }

  /**
   * An entry that could not be processed.
   *
   * @param problem one line; empty if it has not failed
   */
  record Unprocessed(String subject, String problem) {}

  List<Unprocessed> unprocessed() {
    return jdbc.sql(
            """
            select subject, concat_ws('. ', problem ->> 'text', nullif(problem ->> 'answer', ''),
              nullif(problem ->> 'advice', '')) as problem
            from inbox_entry order by id
            """)
        .query((rs, i) -> new Unprocessed(rs.getString("subject"), rs.getString("problem")))
        .list();
  }

  /**
   * A feed and why it cannot be read.
   *
   * @param problem empty if it was read
   */
  record FeedState(String feed, boolean read, String problem) {}

  List<FeedState> feeds() {
    return jdbc.sql("select feed, succeeded_at, coalesce(problem, '') as problem from watermark")
        .query(
            (rs, i) ->
                new FeedState(
                    rs.getString("feed"),
                    rs.getTimestamp("succeeded_at") != null,
                    rs.getString("problem")))
        .list();
  }

  /** A pair as the dry run left it. */
  record PlannedPair(
      UUID id,
      String mapping,
      @Nullable RecordRef left,
      @Nullable RecordRef right,
      Map<String, String> gaps) {

    @Nullable RecordRef ref(Side side) {
      return side == Side.LEFT ? left : right;
    }

    /** Null if the record does not belong to it. */
    @Nullable Side sideOf(RecordRef record) {
      if (record.equals(left)) {
        return Side.LEFT;
      }
      return record.equals(right) ? Side.RIGHT : null;
    }
  }

  /** The pairs that the dry run has processed. */
  List<PlannedPair> changedPairs() {
    return jdbc.sql(
            """
            select id, mapping, left_ref, right_ref, gaps from pair where exists (select 1 from audit where subject = 'pair:' || pair.id)
            order by created_at, id
            """)
        .query(
            (rs, i) ->
                new PlannedPair(
                    rs.getObject("id", UUID.class),
                    rs.getString("mapping"),
                    ref(rs.getString("left_ref")),
                    ref(rs.getString("right_ref")),
                    json.read(rs.getString("gaps"), TEXTS)))
        .list();
  }

  private static @Nullable RecordRef ref(@Nullable String text) {
    return text == null ? null : RecordRef.parse(text);
  }

  /** What the dry run did and decided. */
  record Event(String subject, String what, String text, Map<String, String> details) {}

  /** Oldest first. */
  List<Event> events() {
    return jdbc.sql("select subject, what, text, details from audit order by id")
        .query(
            (rs, i) ->
                new Event(
                    rs.getString("subject"),
                    rs.getString("what"),
                    rs.getString("text"),
                    json.read(rs.getString("details"), TEXTS)))
        .list();
  }
}
