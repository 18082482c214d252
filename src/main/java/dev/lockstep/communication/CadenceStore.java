package dev.lockstep.communication;

import dev.lockstep.communication.Cadence.Snooze;
import dev.lockstep.communication.Cadence.State;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code cadence}. */
@Component
class CadenceStore {
  private final JdbcClient jdbc;

  CadenceStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Those with something due, and all of these records. */
  List<Cadence> findDueOrOf(Collection<RecordRef> records) {
    return jdbc.sql(
            """
            select * from cadence where due_at is not null
            union select * from cadence where record = any(?)
            """)
        .param(RecordStore.names(records))
        .query(CadenceStore::row)
        .list();
  }

  /** Those with something due, first due first. */
  List<Cadence> findDue() {
    return jdbc.sql(
            "select * from cadence where due_at is not null order by due_at, record, audience")
        .query(CadenceStore::row)
        .list();
  }

  List<Cadence> find(RecordRef incident) {
    return jdbc.sql("select * from cadence where record = ? order by due_at, audience")
        .param(incident.toString())
        .query(CadenceStore::row)
        .list();
  }

  /** Inserts it unless one exists. */
  boolean insert(Cadence cadence) {
    return jdbc.sql(
                """
                insert into cadence (record, audience, level, state, due_at, reminded, escalated,
                  snooze_reason, snoozed_by)
                values (?, ?, ?, ?, ?, ?, ?, '', '')
                on conflict (record, audience) do nothing
                """)
            .params(
                cadence.incident().toString(),
                cadence.audience(),
                cadence.level(),
                cadence.state().name(),
                timestamp(cadence.dueAt()),
                cadence.reminded(),
                cadence.escalated())
            .update()
        > 0;
  }

  /** Locks it until the transaction ends. */
  Optional<Cadence> lock(RecordRef incident, String audience) {
    return jdbc.sql("select * from cadence where record = ? and audience = ? for update")
        .params(incident.toString(), audience)
        .query(CadenceStore::row)
        .optional();
  }

  /** The caller holds its lock. */
  void save(Cadence cadence) {
    Snooze snooze = cadence.snooze();
    jdbc.sql(
            """
            update cadence set level = ?, state = ?, due_at = ?, reminded = ?, escalated = ?,
              snoozed_until = ?, snooze_reason = ?, snoozed_by = ?, last_sent_at = ?
            where record = ? and audience = ?
            """)
        .params(
            cadence.level(),
            cadence.state().name(),
            timestamp(cadence.dueAt()),
            cadence.reminded(),
            cadence.escalated(),
            timestamp(snooze == null ? null : snooze.until()),
            snooze == null ? "" : snooze.reason(),
            snooze == null ? "" : snooze.by(),
            timestamp(cadence.lastSentAt()),
            cadence.incident().toString(),
            cadence.audience())
        .update();
  }

  /**
   * Those of these incidents of which nobody is informed by themselves: duplicates of another
   * ticket, and those that an operator has unlinked or whose pairs have ended.
   */
  Set<RecordRef> findCovered(Collection<RecordRef> incidents) {
    return new HashSet<>(
        jdbc
            .sql(
                """
                select mine.ref from record mine where mine.ref = any(?) and (
                  not exists (select 1 from pair
                    where (left_ref = mine.ref or right_ref = mine.ref)
                      and state not in ('ENDED', 'UNLINKED'))
                  or exists (select 1 from record member
                    join duplicate on duplicate.duplicate = member.ref
                    where (member.ref = mine.ref or member.correlation = mine.correlation)
                      and duplicate.state in ('LINKING', 'LINKED')))
                """)
            .param(RecordStore.names(incidents))
            .query(String.class)
            .list()
            .stream()
            .map(RecordRef::parse)
            .toList());
  }

  /** Closes those with something due of audiences that have none of these names. */
  List<Cadence> closeOthers(Collection<String> audiences) {
    return jdbc.sql(
            """
            update cadence set state = 'CLOSED', due_at = null, reminded = false, escalated = 0,
              snoozed_until = null, snooze_reason = '', snoozed_by = ''
            where due_at is not null and audience <> all(?) returning *
            """)
        .param(audiences.toArray(String[]::new))
        .query(CadenceStore::row)
        .list();
  }

  long countOverdue(String audience, Instant now) {
    return jdbc.sql("select count(*) from cadence where audience = ? and due_at < ?")
        .params(audience, Timestamp.from(now))
        .query(Long.class)
        .single();
  }

  private static Cadence row(ResultSet rs, int index) throws SQLException {
    Instant snoozed = instant(rs, "snoozed_until");
    return new Cadence(
        RecordRef.parse(rs.getString("record")),
        rs.getString("audience"),
        rs.getString("level"),
        State.valueOf(rs.getString("state")),
        instant(rs, "due_at"),
        rs.getBoolean("reminded"),
        rs.getInt("escalated"),
        snoozed == null
            ? null
            : new Snooze(snoozed, rs.getString("snooze_reason"), rs.getString("snoozed_by")),
        instant(rs, "last_sent_at"));
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    Timestamp at = rs.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant at) {
    return at == null ? null : Timestamp.from(at);
  }
}
