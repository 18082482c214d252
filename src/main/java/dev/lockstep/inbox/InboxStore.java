package dev.lockstep.inbox;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code inbox_entry}. */
@Component
class InboxStore {

  enum State {
    /** Waiting to be processed. */
    RECEIVED,
    /** Being processed, or was when the process crashed. */
    PROCESSING,
    /** Failed and retried automatically. */
    FAILED,
    /** Waiting for an operator, or for the next change of its records. */
    DEAD_LETTER
  }

  /**
   * @param faults attempts that ended with {@link Failure#FAULT}
   * @param crashes consecutive attempts that ended because the process died
   * @param statesOnly nothing but states of records was received since processing began
   * @param rejected steps that a system rejected while the rest is retried, by name
   * @param traces that it is part of, the first one first; for {@code Spans}
   * @param isWaiting whether it waits for a pause to end
   * @param resumedAt when it last stopped waiting for a pause; null if it never did
   */
  record Row(
      Subject subject,
      long generation,
      State state,
      int attempts,
      int faults,
      int crashes,
      boolean outcomeUnknown,
      boolean statesOnly,
      Map<RecordRef, Hint> hints,
      @Nullable UnparseableWebhook payload,
      Instant receivedAt,
      Map<String, Rejection> rejected,
      List<String> traces,
      boolean isWaiting,
      @Nullable Instant resumedAt) {

    /** Since when the operators have expected it to be processed. */
    Instant expectedSince() {
      return resumedAt == null || resumedAt.isBefore(receivedAt) ? receivedAt : resumedAt;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(InboxStore.class);

  private static final TypeReference<Map<String, Hint>> HINTS = new TypeReference<>() {};
  static final TypeReference<Map<String, Rejection>> REJECTIONS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;
  private final Clock clock;

  InboxStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "inbox_entry");
    this.clock = clock;
  }

  Optional<Row> find(Subject subject) {
    return jdbc.sql("select * from inbox_entry where subject = ?")
        .param(subject.toString())
        .query(this::row)
        .optional();
  }

  /** Locks the row until the transaction ends, which serializes adding to it and settling it. */
  Optional<Row> lock(Subject subject) {
    return jdbc.sql("select * from inbox_entry where subject = ? for update")
        .param(subject.toString())
        .query(this::row)
        .optional();
  }

  /**
   * Inserts a row unless one exists. Blocks while another transaction inserts or deletes it.
   *
   * @return false if one exists
   */
  boolean insert(
      Subject subject, Map<RecordRef, Hint> hints, List<String> traces, Instant receivedAt) {
    return jdbc.sql(
                """
                insert into inbox_entry
                  (subject, generation, state, attempts, outcome_unknown, hints, traces, received_at, changed_at)
                values (?, 0, 'RECEIVED', 0, false, ?::jsonb, ?::text[], ?, ?)
                on conflict (subject) do nothing
                """)
            .params(
                subject.toString(),
                json.write(Hint.byName(hints)),
                array(traces),
                Timestamp.from(receivedAt),
                now())
            .update()
        > 0;
  }

  /** Locks the row, inserting it if necessary. */
  Row lockOrInsert(Subject subject, Instant receivedAt) {
    Optional<Row> row = lock(subject);
    while (row.isEmpty()) {
      // After a conflict, the row may be deleted before it is locked: then insert it again.
      insert(subject, Map.of(), List.of(), receivedAt);
      row = lock(subject);
    }
    return row.get();
  }

  /**
   * @param statesOnly whether nothing but states of records was received
   * @param traces added to those of the row, of which it keeps the first 16
   */
  void mergeHints(
      Subject subject,
      State state,
      boolean statesOnly,
      Map<RecordRef, Hint> hints,
      List<String> traces) {
    jdbc.sql(
            """
            update inbox_entry
            set generation = generation + 1, state = ?, states_only = states_only and ?,
                hints = ?::jsonb, traces = (traces || ?::text[])[:16], changed_at = ?,
                resumed_at = case when waits_for = '{}' then resumed_at else ? end, waits_for = case when ? = 'DEAD_LETTER' then waits_for else '{}' end
            where subject = ?
            """)
        .params(
            state.name(),
            statesOnly,
            json.write(Hint.byName(hints)),
            array(traces),
            now(),
            now(),
            state.name(),
            subject.toString())
        .update();
  }

  /**
   * Marks the row as being processed, clears its hints and locks it. The attempt is counted and
   * {@code outcome_unknown} set at the start, so that they survive a crash during processing.
   *
   * @return the row before the update; empty if there is none or it is a dead letter, and nothing
   *     is changed
   */
  Optional<Row> markProcessing(Subject subject) {
    return jdbc.sql(
            """
            with before as (
              select * from inbox_entry where subject = ? and state <> 'DEAD_LETTER' for update)
            update inbox_entry entry
            set state = 'PROCESSING', attempts = entry.attempts + 1, outcome_unknown = true, hints = '{}',
                states_only = true, waits_for = '{}',
                crashes = case when entry.state = 'PROCESSING' then entry.crashes + 1 else 0 end,
                changed_at = ?
            from before where entry.subject = before.subject
            returning before.*
            """)
        .params(subject.toString(), now())
        .query(this::row)
        .optional();
  }

  void markFailed(
      Subject subject,
      State state,
      boolean outcomeUnknown,
      Map<RecordRef, Hint> hints,
      FailureReport problem) {
    jdbc.sql(
            """
            update inbox_entry
            set state = ?, outcome_unknown = ?, hints = ?::jsonb, problem = ?::jsonb, changed_at = ?
            where subject = ?
            """)
        .params(
            state.name(),
            outcomeUnknown,
            json.write(Hint.byName(hints)),
            json.write(problem),
            now(),
            subject.toString())
        .update();
  }

  /** Reverts the count of the attempt that was just started. */
  void undoAttempt(Subject subject) {
    jdbc.sql("update inbox_entry set attempts = attempts - 1 where subject = ? and attempts > 0")
        .param(subject.toString())
        .update();
  }

  /** Counts a {@link Failure#FAULT}. */
  void countFault(Subject subject) {
    jdbc.sql("update inbox_entry set faults = faults + 1 where subject = ?")
        .param(subject.toString())
        .update();
  }

  /** Turns what was received during the last attempt, in these traces, into new work. */
  void reopen(Subject subject, List<String> traces) {
    jdbc.sql(
            """
            update inbox_entry
            set state = 'RECEIVED', attempts = 0, faults = 0, outcome_unknown = false, problem = null, changed_at = ?,
                received_at = ?, resumed_at = null, rejected = '{}', rejected_count = 0, traces = ?::text[]
            where subject = ?
            """)
        .params(now(), now(), array(traces), subject.toString())
        .update();
  }

  /**
   * Deletes the row if nothing was added to it since. Blocks while a transaction that adds to it is
   * open.
   *
   * @return whether it was deleted
   */
  boolean deleteUnchanged(Row row) {
    return jdbc.sql("delete from inbox_entry where subject = ? and generation = ?")
            .params(row.subject().toString(), row.generation())
            .update()
        > 0;
  }

  boolean delete(Subject subject) {
    return jdbc.sql("delete from inbox_entry where subject = ?").param(subject.toString()).update()
        > 0;
  }

  Map<State, Long> countByState() {
    Map<State, Long> counts = new HashMap<>();
    jdbc.sql("select state, count(*) as n from inbox_entry group by state")
        .query(
            rs -> {
              counts.put(State.valueOf(rs.getString("state")), rs.getLong("n"));
            });
    return counts;
  }

  /** Of those that do not wait for a pause to end. */
  Optional<Instant> findOldest() {
    return jdbc.sql(
            """
            select min(greatest(received_at, resumed_at)) as oldest from inbox_entry
            where state <> 'DEAD_LETTER' and waits_for = '{}'
            """)
        .query((rs, i) -> Optional.ofNullable(rs.getTimestamp("oldest")).map(Timestamp::toInstant))
        .single();
  }

  private Row row(ResultSet rs, int index) throws SQLException {
    Subject subject = Subject.parse(rs.getString("subject"));
    Optional<Map<RecordRef, Hint>> hints = hints(subject, rs.getString("hints"));
    String payload = rs.getString("payload");
    Timestamp resumed = rs.getTimestamp("resumed_at");
    Array traces = rs.getArray("traces");
    return new Row(
        subject,
        rs.getLong("generation"),
        State.valueOf(rs.getString("state")),
        rs.getInt("attempts"),
        rs.getInt("faults"),
        rs.getInt("crashes"),
        rs.getBoolean("outcome_unknown") || hints.isEmpty(),
        rs.getBoolean("states_only"),
        hints.orElse(Map.of()),
        payload == null ? null : json.read(payload, new TypeReference<UnparseableWebhook>() {}),
        rs.getTimestamp("received_at").toInstant(),
        json.read(rs.getString("rejected"), REJECTIONS),
        traces == null ? List.of() : List.of((String[]) traces.getArray()),
        ((String[]) rs.getArray("waits_for").getArray()).length > 0,
        resumed == null ? null : resumed.toInstant());
  }

  /** Empty if another version wrote hints in an unknown format: the records are fetched instead. */
  private Optional<Map<RecordRef, Hint>> hints(Subject subject, String text) {
    try {
      Map<RecordRef, Hint> hints = new HashMap<>();
      json.read(text, HINTS).forEach((name, hint) -> hints.put(RecordRef.parse(name), hint));
      return Optional.of(hints);
    } catch (IllegalStateException | IllegalArgumentException e) {
      LOG.warn("The hints of {} cannot be read; fetching its records instead", subject, e);
      return Optional.empty();
    }
  }

  /** Null, so that the column stays empty while tracing is off. */
  private static String @Nullable [] array(List<String> traces) {
    return traces.isEmpty() ? null : traces.toArray(String[]::new);
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }
}
