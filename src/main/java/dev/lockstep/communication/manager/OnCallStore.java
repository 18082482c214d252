package dev.lockstep.communication.manager;

import dev.lockstep.record.RecordRef;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code on_call_shown}. */
@Component
class OnCallStore {
  private final JdbcClient jdbc;

  OnCallStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The note about who is on call that was last written on an incident's record.
   *
   * @param people empty for nobody
   * @param number how many such notes were written; 0 for none
   */
  record Shown(String people, int number) {}

  Optional<Shown> find(RecordRef incident) {
    return select(incident, "");
  }

  /** Locks it until the transaction ends; inserts it if it is missing. */
  Shown lock(RecordRef incident, Instant now) {
    jdbc.sql(
            """
            insert into on_call_shown (record, people, number, shown_at) values (?, '', 0, ?)
            on conflict (record) do nothing
            """)
        .params(incident.toString(), Timestamp.from(now))
        .update();
    return select(incident, " for update").orElseThrow();
  }

  private Optional<Shown> select(RecordRef incident, String lock) {
    return jdbc.sql("select * from on_call_shown where record = ?" + lock)
        .param(incident.toString())
        .query((rs, i) -> new Shown(rs.getString("people"), rs.getInt("number")))
        .optional();
  }

  /** The caller holds its lock. */
  void save(RecordRef incident, Shown shown, Instant now) {
    jdbc.sql("update on_call_shown set people = ?, number = ?, shown_at = ? where record = ?")
        .params(shown.people(), shown.number(), Timestamp.from(now), incident.toString())
        .update();
  }
}
