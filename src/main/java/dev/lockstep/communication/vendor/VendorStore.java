package dev.lockstep.communication.vendor;

import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code vendor_watch}, and the comments that answer it. */
@Component
class VendorStore {
  private final JdbcClient jdbc;

  VendorStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Those with something due, and all of these incidents; first due first. */
  List<VendorWatch> findDueOrOf(Collection<RecordRef> incidents) {
    return jdbc.sql(
            """
            select * from vendor_watch where due_at is not null
            union select * from vendor_watch where record = any(?)
            order by due_at, record, vendor
            """)
        .param(RecordStore.names(incidents))
        .query(VendorStore::row)
        .list();
  }

  /** Of this incident alone, first due first. */
  List<VendorWatch> findOf(RecordRef incident) {
    return jdbc.sql("select * from vendor_watch where record = ? order by due_at, vendor")
        .param(incident.toString())
        .query(VendorStore::row)
        .list();
  }

  /** Inserts it unless one exists, and locks it until the transaction ends. */
  VendorWatch lock(VendorWatch none) {
    jdbc.sql(
            """
            insert into vendor_watch (record, vendor, ticket, level, comments, escalated)
            values (?, ?, ?, '', ?, 0) on conflict (record, vendor) do nothing
            """)
        .params(
            none.incident().toString(), none.vendor(), none.ticket().toString(), none.comments())
        .update();
    return jdbc.sql("select * from vendor_watch where record = ? and vendor = ? for update")
        .params(none.incident().toString(), none.vendor())
        .query(VendorStore::row)
        .single();
  }

  /** The caller holds its lock. */
  void save(VendorWatch watch) {
    jdbc.sql(
            """
            update vendor_watch set ticket = ?, level = ?, due_at = ?, comments = ?,
              answered_at = ?, escalated = ?
            where record = ? and vendor = ?
            """)
        .params(
            watch.ticket().toString(),
            watch.level(),
            timestamp(watch.dueAt()),
            watch.comments(),
            timestamp(watch.answeredAt()),
            watch.escalated(),
            watch.incident().toString(),
            watch.vendor())
        .update();
  }

  /** Nothing is expected of vendors that have none of these names. */
  List<VendorWatch> closeOthers(Collection<String> vendors) {
    return jdbc.sql(
            """
            update vendor_watch set due_at = null, escalated = 0
            where due_at is not null and vendor <> all(?) returning *
            """)
        .param(vendors.toArray(String[]::new))
        .query(VendorStore::row)
        .list();
  }

  /** By record, how many public comments people have written on it in its own system. */
  Map<RecordRef, Integer> countComments(Collection<RecordRef> tickets) {
    Map<RecordRef, Integer> counts = new HashMap<>();
    jdbc.sql(
            """
            select record, count(*) as comments from note
            where record = any(?) and visibility = 'PUBLIC' and state <> 'ECHO' and not own
            group by record
            """)
        .param(RecordStore.names(tickets))
        .query(
            rs -> {
              counts.put(RecordRef.parse(rs.getString("record")), rs.getInt("comments"));
            });
    return counts;
  }

  long countOverdue(String vendor, Instant now) {
    return jdbc.sql("select count(*) from vendor_watch where vendor = ? and due_at < ?")
        .params(vendor, Timestamp.from(now))
        .query(Long.class)
        .single();
  }

  private static VendorWatch row(ResultSet rs, int index) throws SQLException {
    return new VendorWatch(
        RecordRef.parse(rs.getString("record")),
        rs.getString("vendor"),
        RecordRef.parse(rs.getString("ticket")),
        rs.getString("level"),
        instant(rs, "due_at"),
        rs.getInt("comments"),
        instant(rs, "answered_at"),
        rs.getInt("escalated"));
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    return Optional.ofNullable(rs.getTimestamp(column)).map(Timestamp::toInstant).orElse(null);
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant at) {
    return at == null ? null : Timestamp.from(at);
  }
}
