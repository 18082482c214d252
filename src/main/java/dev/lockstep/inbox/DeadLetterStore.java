package dev.lockstep.inbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Dead letters in {@code inbox_entry}, without payloads, and the audit of decisions on them. */
@Component
class DeadLetterStore {
  /** Names the records of each letter only to filter by system and kind. */
  private static final String FROM_DEAD_LETTERS =
      """
      from inbox_entry e
      where (e.state = 'DEAD_LETTER' or e.rejected_count > 0)
        and (:system = '' and :kind = '' or exists (
          select 1 from (
            select ref from record
              where e.subject like 'correlation:%' and correlation = substr(e.subject, 13)::uuid
            union all select unnest(case
              when e.subject like 'note:%'
                then array[split_part(substr(e.subject, 6), '#', 1), split_part(e.subject, '#', 2)]
              when e.subject like 'record:%' then array[substr(e.subject, 8)]
              when e.subject like 'delivery:%'
                then array[split_part(substr(e.subject, 10), '/', 1)]
              end)) as named (ref)
          where (:system = '' or split_part(ref, '/', 1) = :system)
            and (:kind = '' or split_part(ref, '/', 2) = :kind)))
      """;

  private static final String COLUMNS =
      """
      select e.id, e.subject, e.attempts, e.received_at, e.problem ->> 'text' as text,
        e.problem ->> 'request' as request, e.problem ->> 'answer' as answer,
        e.problem ->> 'advice' as advice,
        case when e.state = 'DEAD_LETTER' then null else e.rejected end as rejected
      """;

  private static final String IS_DEAD_LETTER = "(e.state = 'DEAD_LETTER' or e.rejected_count > 0)";

  private static final String SUBJECT = "dead-letter";

  /** The detail that names the subject of the entry. */
  private static final String WORK = "subject";

  private static final String REASON = "reason";

  /**
   * @param isPart whether the rest of the entry is still retried
   */
  record Letter(
      long id,
      Subject subject,
      int attempts,
      Instant receivedAt,
      FailureReport problem,
      boolean isPart) {}

  private final JdbcClient jdbc;
  private final JsonColumns json;
  private final AuditStore audit;
  private final Clock clock;

  DeadLetterStore(JdbcClient jdbc, ObjectMapper json, AuditStore audit, Clock clock) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "inbox_entry");
    this.audit = audit;
    this.clock = clock;
  }

  /** Does nothing if there is an entry of this subject. */
  void insert(Subject subject, UnparseableWebhook payload, FailureReport problem) {
    jdbc.sql(
            """
            insert into inbox_entry
              (subject, generation, state, attempts, outcome_unknown, hints, payload, problem, received_at,
               changed_at)
            values (?, 0, 'DEAD_LETTER', 1, false, '{}', ?::jsonb, ?::jsonb, ?, ?)
            on conflict (subject) do nothing
            """)
        .params(
            subject.toString(),
            json.write(payload),
            json.write(problem),
            Timestamp.from(payload.receivedAt()),
            Timestamp.from(clock.instant()))
        .update();
  }

  /** Does not read an existing row: its content may be the reason for the failure. */
  void upsert(Subject subject, FailureReport problem) {
    jdbc.sql(
            """
            insert into inbox_entry
              (subject, generation, state, attempts, outcome_unknown, hints, problem, received_at, changed_at)
            values (:subject, 0, 'DEAD_LETTER', 1, false, '{}', :problem::jsonb, :now, :now)
            on conflict (subject) do update
              set state = 'DEAD_LETTER', problem = excluded.problem, changed_at = excluded.changed_at,
                generation = inbox_entry.generation + 1, attempts = inbox_entry.attempts + 1
            """)
        .param("subject", subject.toString())
        .param("problem", json.write(problem))
        .param("now", Timestamp.from(clock.instant()))
        .update();
  }

  /** Replaces the steps that were rejected. */
  void setRejected(Subject subject, Map<String, Rejection> steps) {
    long open = steps.values().stream().filter(step -> !step.discarded()).count();
    jdbc.sql("update inbox_entry set rejected = ?::jsonb, rejected_count = ? where subject = ?")
        .params(json.write(steps), open, subject.toString())
        .update();
  }

  /** Entries of which a step waits for an operator while the rest is retried. */
  long countPartlyRejected() {
    return jdbc.sql(
            "select count(*) from inbox_entry where rejected_count > 0 and state <> 'DEAD_LETTER'")
        .query(Long.class)
        .single();
  }

  List<Letter> list(DeadLetters.Filter filter, long after, int limit) {
    return jdbc.sql(COLUMNS + FROM_DEAD_LETTERS + " and e.id > :after order by e.id limit :limit")
        .param("system", filter.system())
        .param("kind", filter.kind())
        .param("after", after)
        .param("limit", limit)
        .query(this::letter)
        .list();
  }

  long count(DeadLetters.Filter filter) {
    return jdbc.sql("select count(*) " + FROM_DEAD_LETTERS)
        .param("system", filter.system())
        .param("kind", filter.kind())
        .query(Long.class)
        .single();
  }

  Optional<Letter> find(long id) {
    return jdbc.sql(COLUMNS + "from inbox_entry e where e.id = ? and " + IS_DEAD_LETTER)
        .param(id)
        .query(this::letter)
        .optional();
  }

  Optional<Letter> findBySubject(Subject subject) {
    return jdbc.sql(COLUMNS + "from inbox_entry e where e.subject = ? and " + IS_DEAD_LETTER)
        .param(subject.toString())
        .query(this::letter)
        .optional();
  }

  /**
   * Returns the entry to {@code RECEIVED} and resets its attempts; one that is being processed is
   * processed again.
   */
  boolean reopen(Letter letter) {
    return jdbc.sql(
                """
                update inbox_entry e
                set state = case when state = 'PROCESSING' then state else 'RECEIVED' end,
                    attempts = 0, faults = 0, rejected = '{}', rejected_count = 0, waits_for = '{}',
                    generation = generation + 1, changed_at = ?
                where e.id = ? and (e.state = 'DEAD_LETTER' or e.rejected_count > 0)
                """)
            .params(now(), letter.id())
            .update()
        > 0;
  }

  /** Leaves out the rejected steps of an entry of which the rest is retried. */
  boolean discardRejected(Letter letter) {
    return jdbc.sql(
                """
                update inbox_entry
                set rejected_count = 0, changed_at = ?,
                    rejected = (select jsonb_object_agg(key, value || '{"discarded": true}')
                                from jsonb_each(rejected))
                where id = ? and state <> 'DEAD_LETTER' and rejected_count > 0
                """)
            .params(now(), letter.id())
            .update()
        > 0;
  }

  boolean discard(Letter letter) {
    return jdbc.sql("delete from inbox_entry where id = ? and state = 'DEAD_LETTER'")
            .param(letter.id())
            .update()
        > 0;
  }

  void rename(RecordRef old, RecordRef name) {
    String before = "note:" + old + "#";
    jdbc.sql(
            """
            update inbox_entry set subject = ? || substr(subject, ?)
            where starts_with(subject, ?)
            """)
        .params("note:" + name + "#", before.length() + 1, before)
        .update();
  }

  /** The entry's subject is stored with the decision, as the entry may be deleted. */
  void insertDecision(Letter letter, String what, DeadLetters.Decider by) {
    audit.record(
        new AuditSubject(SUBJECT, String.valueOf(letter.id())),
        List.of(
            new AuditEntry(
                what,
                letter.problem().text(),
                by.reason().isEmpty()
                    ? Map.of(WORK, letter.subject().toString())
                    : Map.of(WORK, letter.subject().toString(), REASON, by.reason()),
                by.name())));
  }

  List<DeadLetters.Decision> decisions(int limit) {
    return audit.findLatest(SUBJECT, limit).stream().map(DeadLetterStore::decision).toList();
  }

  private static DeadLetters.Decision decision(AuditEvent event) {
    AuditEntry entry = event.entry();
    return new DeadLetters.Decision(
        event.subject().id(),
        entry.details().getOrDefault(WORK, ""),
        event.at(),
        entry.what(),
        entry.actor(),
        entry.details().getOrDefault(REASON, ""),
        entry.text());
  }

  private Letter letter(ResultSet rs, int index) throws SQLException {
    Subject subject = Subject.parse(rs.getString("subject"));
    String rejected = rs.getString("rejected");
    FailureReport problem =
        new FailureReport(
            text(rs, "text"), text(rs, "request"), text(rs, "answer"), text(rs, "advice"));
    return new Letter(
        rs.getLong("id"),
        subject,
        rs.getInt("attempts"),
        rs.getTimestamp("received_at").toInstant(),
        rejected == null
            ? problem
            : Rejection.findOpen(json.read(rejected, InboxStore.REJECTIONS))
                .map(step -> FailureReport.of(subject, step.toException()))
                .orElse(problem),
        rejected != null);
  }

  private static String text(ResultSet rs, String column) throws SQLException {
    String text = rs.getString(column);
    return text == null ? "" : text;
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }
}
