package dev.lockstep.audit;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.database.JsonColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code audit}: rows are never updated and never deleted. */
@Component
public class AuditStore {
  /**
   * Inserts {@code :entries}, a JSON array of {@link AuditEntry}, for {@code :subject} at {@code
   * :now}. Public for statements that store more in the same round trip; they may append tables to
   * join.
   */
  public static final String INSERT =
      """
      insert into audit (subject, at, what, text, details, actor)
      select :subject, :now, x.what, x.text, x.details, x.actor
      from jsonb_to_recordset(:entries::jsonb)
        as x(what text, text text, details jsonb, actor text)
      """;

  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;
  private final Clock clock;

  public AuditStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "audit");
    this.clock = clock;
  }

  /** Adds entries in the caller's transaction: one statement. */
  public void record(AuditSubject subject, List<AuditEntry> entries) {
    jdbc.sql(INSERT)
        .param("subject", subject.toString())
        .param("now", Timestamp.from(clock.instant()))
        .param("entries", json.write(entries))
        .update();
  }

  /** Oldest first. */
  public List<AuditEvent> findAll(AuditSubject subject) {
    return jdbc.sql("select * from audit where subject = ? order by id")
        .param(subject.toString())
        .query(this::event)
        .list();
  }

  /** Oldest first. */
  public List<AuditEvent> findAll(Collection<AuditSubject> subjects) {
    return jdbc.sql("select * from audit where subject = any(?) order by id")
        .param(subjects.stream().map(AuditSubject::toString).toArray(String[]::new))
        .query(this::event)
        .list();
  }

  /**
   * Decisions about dead letters, oldest first.
   *
   * @param work the subjects of the work that they were about, for example {@code record:a/b/1}
   * @param prefixes of further subjects, each up to a {@code #}
   */
  public List<AuditEvent> findDecisions(Collection<String> work, Collection<String> prefixes) {
    return jdbc.sql(
            """
            select * from audit
            where subject like 'dead-letter:%' and details ->> 'subject' = any(:work)
            union all
            select audit.* from unnest(:prefixes) p join audit on subject like 'dead-letter:%'
              and details ->> 'subject' ~>=~ (p || '#') and details ->> 'subject' ~<~ (p || '$')
            order by id
            """)
        .param("work", work.toArray(String[]::new))
        .param("prefixes", prefixes.toArray(String[]::new))
        .query(this::event)
        .list();
  }

  /** The events of these kinds, oldest first. */
  public List<AuditEvent> findAll(AuditSubject subject, List<String> whats) {
    return jdbc.sql("select * from audit where subject = ? and what = any(?) order by id")
        .params(subject.toString(), whats.toArray(String[]::new))
        .query(this::event)
        .list();
  }

  /** The latest events of one kind, newest first. */
  public List<AuditEvent> findLatest(AuditSubject subject, String what, int most) {
    return jdbc.sql("select * from audit where subject = ? and what = ? order by id desc limit ?")
        .params(subject.toString(), what, most)
        .query(this::event)
        .list();
  }

  /** The latest events of all subjects of one kind, newest first. */
  public List<AuditEvent> findLatest(String kind, int most) {
    return jdbc.sql("select * from audit where subject like ? order by id desc limit ?")
        .params(kind + ":%", most)
        .query(this::event)
        .list();
  }

  /** When one of these events was last recorded, by the subject's id; others are absent. */
  public Map<String, Instant> findLatestTimes(String kind, List<String> whats) {
    Map<String, Instant> times = new HashMap<>();
    jdbc.sql(
            """
            select subject, max(at) as at from audit
            where subject like ? and what = any(?) group by subject
            """)
        .params(kind + ":%", whats.toArray(String[]::new))
        .query(
            rs -> {
              times.put(
                  AuditSubject.parse(rs.getString("subject")).id(),
                  rs.getTimestamp("at").toInstant());
            });
    return times;
  }

  private AuditEvent event(ResultSet rs, int index) throws SQLException {
    return new AuditEvent(
        AuditSubject.parse(rs.getString("subject")),
        rs.getTimestamp("at").toInstant(),
        new AuditEntry(
            rs.getString("what"),
            rs.getString("text"),
            json.read(rs.getString("details"), TEXTS),
            rs.getString("actor")));
  }
}
