package dev.lockstep.communication.manager;

import dev.lockstep.communication.manager.ManagerChange.Kind;
import dev.lockstep.ops.database.PostgresText;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code manager_change}: rows are never changed. */
@Component
class ManagerChangeStore {
  private final JdbcClient jdbc;

  ManagerChangeStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @return its id
   */
  long insert(ManagerChange change) {
    return jdbc.sql(
            """
            insert into manager_change (request_key, record, kind, made_at, made_by, from_person,
              to_person, reason, open_points)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
            """)
        .params(
            change.requestKey(),
            change.incident().toString(),
            change.kind().name(),
            Timestamp.from(change.at()),
            change.by(),
            PostgresText.removeNul(change.from()),
            PostgresText.removeNul(change.to()),
            PostgresText.removeNul(change.reason()),
            PostgresText.removeNul(change.openPoints()))
        .query(Long.class)
        .single();
  }

  Optional<ManagerChange> findByRequest(String key) {
    return jdbc.sql("select * from manager_change where request_key = ?")
        .param(key)
        .query(ManagerChangeStore::row)
        .optional();
  }

  /** Newest first. */
  List<ManagerChange> findAll(RecordRef incident) {
    return jdbc.sql("select * from manager_change where record = ? order by id desc")
        .param(incident.toString())
        .query(ManagerChangeStore::row)
        .list();
  }

  private static ManagerChange row(ResultSet rs, int index) throws SQLException {
    return new ManagerChange(
        rs.getLong("id"),
        rs.getString("request_key"),
        RecordRef.parse(rs.getString("record")),
        Kind.valueOf(rs.getString("kind")),
        rs.getTimestamp("made_at").toInstant(),
        rs.getString("made_by"),
        rs.getString("from_person"),
        rs.getString("to_person"),
        rs.getString("reason"),
        rs.getString("open_points"));
  }
}
