package dev.lockstep.poll;

import dev.lockstep.connector.Finding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table {@code system_check}: the last answer to each check that is asked while Lockstep runs,
 * whichever process asked.
 */
@Component
class CheckResultStore {
  private final JdbcClient jdbc;

  /**
   * @param name of the check in {@code connector.yaml}
   * @param repaired ids of what was switched on again last; empty if nothing ever was
   */
  record Result(
      String system,
      String name,
      Finding.Status status,
      String found,
      String advice,
      Instant askedAt,
      List<String> repaired,
      @Nullable Instant repairedAt) {}

  CheckResultStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param repaired ids of what was switched on again now; if empty, the earlier ones remain
   */
  void save(Finding finding, List<String> repaired, Instant at) {
    jdbc.sql(
            """
            insert into system_check (system, name, status, found, advice, asked_at, repaired,
              repaired_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (system, name) do update set
              status = excluded.status, found = excluded.found, advice = excluded.advice,
              asked_at = excluded.asked_at,
              repaired = case when excluded.repaired_at is null then system_check.repaired
                else excluded.repaired end,
              repaired_at = coalesce(excluded.repaired_at, system_check.repaired_at)
            """)
        .params(
            finding.system(),
            finding.check(),
            finding.status().name(),
            finding.found(),
            finding.advice(),
            Timestamp.from(at),
            repaired.toArray(String[]::new),
            repaired.isEmpty() ? null : Timestamp.from(at))
        .update();
  }

  List<Result> all() {
    return jdbc.sql("select * from system_check").query(CheckResultStore::result).list();
  }

  private static Result result(ResultSet row, int index) throws SQLException {
    Timestamp repairedAt = row.getTimestamp("repaired_at");
    return new Result(
        row.getString("system"),
        row.getString("name"),
        Finding.Status.valueOf(row.getString("status")),
        row.getString("found"),
        row.getString("advice"),
        row.getTimestamp("asked_at").toInstant(),
        List.of((String[]) row.getArray("repaired").getArray()),
        repairedAt == null ? null : repairedAt.toInstant());
  }
}
