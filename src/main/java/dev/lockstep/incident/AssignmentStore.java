package dev.lockstep.incident;

import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code incident_manager}. */
@Component
public class AssignmentStore {
  /** "manager" in bytes: an advisory lock key that is unlikely to collide. */
  private static final long LOCK = 0x6d616e61676572L;

  private final JdbcClient jdbc;

  AssignmentStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Serializes all decisions about who leads which incident, over all processes, until the
   * transaction ends: a person leads one at a time.
   */
  public void lock() {
    // A process that stalls while it holds the lock must not block all others.
    jdbc.sql("set local idle_in_transaction_session_timeout = '20s'").update();
    jdbc.sql("select pg_advisory_xact_lock(?)").param(LOCK).query((rs, i) -> 0).single();
  }

  /** {@link Assignment#none} if nothing is stored. */
  public Assignment find(RecordRef incident) {
    return jdbc.sql("select * from incident_manager where record = ?")
        .param(incident.toString())
        .query(AssignmentStore::row)
        .optional()
        .orElseGet(() -> Assignment.none(incident));
  }

  /** Those of these incidents, and all that were active. */
  public Map<RecordRef, Assignment> findActiveOrOf(Collection<RecordRef> incidents) {
    Map<RecordRef, Assignment> found = new HashMap<>();
    jdbc.sql("select * from incident_manager where active or record = any(?)")
        .param(RecordStore.names(incidents))
        .query(AssignmentStore::row)
        .list()
        .forEach(assignment -> found.put(assignment.incident(), assignment));
    return found;
  }

  /** The caller holds the {@link #lock}. */
  public void save(Assignment assignment) {
    jdbc.sql(
            """
            insert into incident_manager (record, manager, record_named, assigned_at, assigned_by,
              active, without_since, clash, proposed, proposals, why, escalated)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (record) do update set
              manager = excluded.manager, record_named = excluded.record_named,
              assigned_at = excluded.assigned_at, assigned_by = excluded.assigned_by,
              active = excluded.active, without_since = excluded.without_since,
              clash = excluded.clash, proposed = excluded.proposed,
              proposals = excluded.proposals, why = excluded.why, escalated = excluded.escalated
            """)
        .param(assignment.incident().toString())
        .param(assignment.manager())
        .param(assignment.recordNamed())
        .param(IncidentStore.timestamp(assignment.assignedAt()))
        .param(assignment.assignedBy())
        .param(assignment.active())
        .param(IncidentStore.timestamp(assignment.withoutSince()))
        .param(assignment.clash())
        .param(assignment.proposed())
        .param(assignment.proposals())
        .param(assignment.why())
        .param(assignment.escalated())
        .update();
  }

  /** Those that lack a manager of their own since before then. */
  public long countWithoutSince(Instant before) {
    return jdbc.sql("select count(*) from incident_manager where active and without_since < ?")
        .param(Timestamp.from(before))
        .query(Long.class)
        .single();
  }

  private static Assignment row(ResultSet rs, int index) throws SQLException {
    return new Assignment(
        RecordRef.parse(rs.getString("record")),
        rs.getString("manager"),
        rs.getString("record_named"),
        IncidentStore.instant(rs, "assigned_at"),
        rs.getString("assigned_by"),
        rs.getBoolean("active"),
        IncidentStore.instant(rs, "without_since"),
        rs.getString("clash"),
        rs.getString("proposed"),
        rs.getInt("proposals"),
        rs.getString("why"),
        rs.getInt("escalated"));
  }
}
