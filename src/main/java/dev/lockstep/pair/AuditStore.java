package dev.lockstep.pair;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.JsonColumns;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code audit}: rows are never updated and never deleted. */
public class AuditStore {
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;
  private final Clock clock;

  public AuditStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "audit");
    this.clock = clock;
  }

  /**
   * @param subject what the entries are about, for example {@code pair:} and its id
   */
  public void record(String subject, List<AuditEntry> entries) {
    jdbc.sql(
            """
            insert into audit (subject, at, what, text, details, actor)
            select :subject, :now, x.what, x.text, x.details, ''
            from jsonb_to_recordset(:entries::jsonb) as x(what text, text text, details jsonb)
            """)
        .param("subject", subject)
        .param("now", Timestamp.from(clock.instant()))
        .param("entries", json.write(entries))
        .update();
  }

  /** The latest entries of one kind, newest first. */
  List<AuditEntry> latest(String subject, String what, int most) {
    return jdbc.sql("select * from audit where subject = ? and what = ? order by id desc limit ?")
        .params(subject, what, most)
        .query(
            (rs, i) ->
                new AuditEntry(
                    rs.getString("what"),
                    rs.getString("text"),
                    json.read(rs.getString("details"), TEXTS)))
        .list();
  }
}
