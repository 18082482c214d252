package dev.lockstep.postmortem.followup;

import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code closure}: incidents seen closed, and what was missing. */
@Component
public class ClosureStore {
  private final JdbcClient jdbc;

  public ClosureStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param closedAt when it was first seen closed since it was last open
   * @param missing what was reported missing since then; empty for nothing
   * @param times how many notes were written in all
   */
  record Closure(RecordRef incident, Instant closedAt, String missing, int times) {}

  /** Records that the incident is closed. */
  Closure markClosed(RecordRef incident, Instant at) {
    return jdbc.sql(
            """
            insert into closure (incident, closed_at, is_open, missing, times)
            values (:incident, :at, false, '', 0)
            on conflict (incident) do update set
              closed_at = case when closure.is_open then :at else closure.closed_at end,
              judged = closure.judged and not closure.is_open,
              is_open = false
            returning *
            """)
        .param("incident", incident.toString())
        .param("at", Timestamp.from(at))
        .query((rs, i) -> closure(incident, rs))
        .single();
  }

  void markNotified(Closure closure, String missing) {
    jdbc.sql(
            """
            update closure set missing = ?, times = times + 1, reopening = '' where incident = ?
            """)
        .params(missing, closure.incident().toString())
        .update();
  }

  /** Records that it is about to be reopened; what is missing is reported afterwards. */
  void markReopening(Closure closure, String missing) {
    jdbc.sql("update closure set reopening = ? where incident = ?")
        .params(missing, closure.incident().toString())
        .update();
  }

  /**
   * Records that the incident is open.
   *
   * @return the closure with what was missing, if it was about to be reopened and no note was
   *     written
   */
  Optional<Closure> markOpen(RecordRef incident) {
    return jdbc.sql(
            """
            update closure set missing = '', reopening = '', is_open = true
            from (select reopening as missing from closure
              where incident = :incident and not is_open for update) before
            where incident = :incident
            returning closed_at, before.missing as missing, times
            """)
        .param("incident", incident.toString())
        .query((rs, i) -> closure(incident, rs))
        .optional()
        .filter(closure -> !closure.missing().isEmpty());
  }

  private static Closure closure(RecordRef incident, ResultSet rs) throws SQLException {
    return new Closure(
        incident,
        rs.getTimestamp("closed_at").toInstant(),
        rs.getString("missing"),
        rs.getInt("times"));
  }

  /** Records that it was checked for a postmortem since one was due. */
  void markChecked(Closure closure) {
    jdbc.sql("update closure set judged = true where incident = ? and not judged")
        .param(closure.incident().toString())
        .update();
  }

  /**
   * Incidents closed before then that have no postmortem and were not checked since. Each is
   * returned once: most need none, and their number grows every day.
   */
  List<RecordRef> withoutPostmortem(Instant closedBefore) {
    return refs(
        """
        select incident from closure
        where closed_at < ? and not is_open and not judged
          and not exists (select 1 from postmortem where postmortem.incident = closure.incident)
        """,
        closedBefore);
  }

  /** Incidents with an item whose change request has been due for creation since before then. */
  List<RecordRef> waiting(Instant since) {
    return refs(
        """
        select distinct incident from action_item
        where incident is not null and stage = 'READY' and changed_at < ?
        """,
        since);
  }

  private List<RecordRef> refs(String sql, Instant time) {
    return jdbc.sql(sql).param(Timestamp.from(time)).query(String.class).list().stream()
        .map(RecordRef::parse)
        .toList();
  }
}
