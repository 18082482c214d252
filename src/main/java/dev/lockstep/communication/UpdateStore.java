package dev.lockstep.communication;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.communication.IncidentUpdate.Facts;
import dev.lockstep.communication.IncidentUpdate.SentTo;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.ops.database.PostgresText;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code incident_update}: rows are never changed but for where the update went. */
@Component
class UpdateStore {
  private static final TypeReference<Facts> FACTS = new TypeReference<>() {};
  private static final TypeReference<List<SentTo>> TARGETS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;

  UpdateStore(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "incident_update");
  }

  /**
   * Stores it unless its request was carried out before. Blocks while another transaction carries
   * it out.
   *
   * @return its id; empty if the request was carried out before
   */
  Optional<Long> insert(IncidentUpdate update) {
    return jdbc.sql(
            """
            insert into incident_update (request_key, record, audience, number, sent_at, sent_by,
              subject, text, due_at, late, facts, targets)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, '[]')
            on conflict (request_key) do nothing returning id
            """)
        .params(
            update.requestKey(),
            update.incident().toString(),
            update.audience(),
            update.number(),
            Timestamp.from(update.sentAt()),
            update.sentBy(),
            PostgresText.removeNul(update.subject()),
            PostgresText.removeNul(update.text()),
            update.dueAt() == null ? null : Timestamp.from(update.dueAt()),
            update.late(),
            json.write(update.facts()))
        .query(Long.class)
        .optional();
  }

  void setTargets(long id, List<SentTo> targets) {
    jdbc.sql("update incident_update set targets = ?::jsonb where id = ?")
        .params(json.write(targets), id)
        .update();
  }

  Optional<IncidentUpdate> findByRequest(String key) {
    return jdbc.sql("select * from incident_update where request_key = ?")
        .param(key)
        .query(this::row)
        .optional();
  }

  /** The last one to an audience. */
  Optional<IncidentUpdate> findLast(RecordRef incident, String audience) {
    return jdbc.sql(
            """
            select * from incident_update where record = ? and audience = ?
            order by number desc limit 1
            """)
        .params(incident.toString(), audience)
        .query(this::row)
        .optional();
  }

  /** Newest first. */
  List<IncidentUpdate> findAll(RecordRef incident) {
    return jdbc.sql("select * from incident_update where record = ? order by sent_at desc, id desc")
        .param(incident.toString())
        .query(this::row)
        .list();
  }

  /** What has become of a note of Lockstep's own, by the record that gets it. */
  Map<String, String> noteStates(String name, Collection<String> records) {
    Map<String, String> states = new HashMap<>();
    jdbc.sql(
            """
            select record, state from note_delivery
            where note = ? and record = any(?) and target = record
            """)
        .params(name, records.toArray(String[]::new))
        .query(
            rs -> {
              states.put(rs.getString("record"), rs.getString("state"));
            });
    return states;
  }

  private IncidentUpdate row(ResultSet rs, int index) throws SQLException {
    Timestamp due = rs.getTimestamp("due_at");
    return new IncidentUpdate(
        rs.getLong("id"),
        rs.getString("request_key"),
        RecordRef.parse(rs.getString("record")),
        rs.getString("audience"),
        rs.getInt("number"),
        rs.getTimestamp("sent_at").toInstant(),
        rs.getString("sent_by"),
        rs.getString("subject"),
        rs.getString("text"),
        due == null ? null : due.toInstant(),
        rs.getBoolean("late"),
        json.read(rs.getString("facts"), FACTS),
        json.read(rs.getString("targets"), TARGETS));
  }
}
