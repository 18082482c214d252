package dev.lockstep.pause;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code pause}: the pauses that operators have started and not ended. */
@Component
class PauseStore {
  private final JdbcClient jdbc;

  PauseStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<Pause> all() {
    return jdbc.sql("select * from pause order by scope").query(PauseStore::pause).list();
  }

  /** Replaces reason and end if the scope is paused already. */
  void save(Pause pause) {
    jdbc.sql(
            """
            insert into pause (scope, reason, by, since, until) values (?, ?, ?, ?, ?)
            on conflict (scope) do update
              set reason = excluded.reason, by = excluded.by, until = excluded.until
            """)
        .param(pause.scope().toString())
        .param(pause.reason())
        .param(pause.by())
        .param(Timestamp.from(pause.since()))
        .param(timestamp(pause.until()))
        .update();
  }

  /**
   * @return whether there was one
   */
  boolean delete(PauseScope scope) {
    return jdbc.sql("delete from pause where scope = ?").param(scope.toString()).update() > 0;
  }

  /** Deletes the pauses that have ended by themselves, and returns them. */
  List<Pause> deleteEnded(Instant now) {
    return jdbc.sql("delete from pause where until <= ? returning *")
        .param(Timestamp.from(now))
        .query(PauseStore::pause)
        .list();
  }

  /**
   * Those of the scopes that are paused. Nobody can end these pauses until the transaction ends.
   */
  Set<String> lock(Collection<String> scopes) {
    return Set.copyOf(
        jdbc.sql("select scope from pause where scope = any(?) for share")
            .param(scopes.toArray(String[]::new))
            .query(String.class)
            .list());
  }

  private static Pause pause(ResultSet rs, int index) throws SQLException {
    Timestamp until = rs.getTimestamp("until");
    return new Pause(
        PauseScope.parse(rs.getString("scope")),
        rs.getString("reason"),
        rs.getString("by"),
        rs.getTimestamp("since").toInstant(),
        until == null ? null : until.toInstant(),
        false);
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant at) {
    return at == null ? null : Timestamp.from(at);
  }
}
