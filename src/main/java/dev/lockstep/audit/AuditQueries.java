package dev.lockstep.audit;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.database.JsonColumns;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the audit of all subjects, newest first. */
@Component
public class AuditQueries {
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;

  public AuditQueries(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "audit");
  }

  /**
   * Selects entries; an empty text matches any.
   *
   * @param actor who did it; with {@code people}, anyone but Lockstep itself
   * @param what the kind of event, for example {@code updated}
   * @param subject the kind of subject, for example {@code pair}, or one subject, {@code kind:id}
   * @param since null: from the beginning
   * @param until exclusive; null: up to now
   */
  public record Filter(
      String actor,
      boolean people,
      String what,
      String subject,
      @Nullable Instant since,
      @Nullable Instant until) {
    public static final Filter ANY = new Filter("", false, "", "", null, null);
  }

  /**
   * @param id ascending in the order in which entries were recorded
   */
  public record Row(long id, AuditEvent event) {}

  /**
   * @param before the last id of the previous page; {@code Long.MAX_VALUE} for the first page
   */
  public List<Row> search(Filter filter, long before, int limit) {
    Map<String, Object> parameters = new HashMap<>();
    String sql = statement(filter, parameters);
    parameters.put("before", before);
    parameters.put("limit", limit);
    return rows(sql, parameters);
  }

  /**
   * Oldest first.
   *
   * @param after the last id of the previous page; 0 for the first page
   */
  List<Row> page(AuditExport.Scope scope, long after, int limit) {
    Map<String, Object> parameters = new HashMap<>();
    String sql = AuditExport.statement(scope, parameters);
    parameters.put("after", after);
    parameters.put("limit", limit);
    return rows(sql, parameters);
  }

  private List<Row> rows(String sql, Map<String, Object> parameters) {
    return jdbc.sql(sql)
        .params(parameters)
        .query(
            (rs, i) ->
                new Row(
                    rs.getLong("id"),
                    new AuditEvent(
                        AuditSubject.parse(rs.getString("subject")),
                        rs.getTimestamp("at").toInstant(),
                        new AuditEntry(
                            rs.getString("what"),
                            rs.getString("text"),
                            json.read(rs.getString("details"), TEXTS),
                            rs.getString("actor")))))
        .list();
  }

  /** One entry. */
  public Optional<Row> find(long id) {
    return search(Filter.ANY, id == Long.MAX_VALUE ? id : id + 1, 1).stream()
        .filter(row -> row.id() == id)
        .findFirst();
  }

  /** The statement of a page; adds its parameters. Each filter has an index of its own. */
  static String statement(Filter filter, Map<String, Object> parameters) {
    StringBuilder sql = new StringBuilder("select * from audit where id < :before");
    if (!filter.actor().isBlank()) {
      sql.append(" and actor = :actor and actor <> ''");
      parameters.put("actor", filter.actor());
    } else if (filter.people()) {
      sql.append(" and actor <> ''");
    }
    if (!filter.what().isBlank()) {
      sql.append(" and what = :what");
      parameters.put("what", filter.what());
    }
    if (filter.subject().contains(":")) {
      sql.append(" and subject = :subject");
      parameters.put("subject", filter.subject());
    } else if (!filter.subject().isBlank()) {
      sql.append(" and subject like :subject");
      parameters.put("subject", filter.subject().replaceAll("[%_\\\\]", "") + ":%");
    }
    if (filter.since() != null) {
      sql.append(" and at >= :since");
      parameters.put("since", Timestamp.from(filter.since()));
    }
    if (filter.until() != null) {
      sql.append(" and at < :until");
      parameters.put("until", Timestamp.from(filter.until()));
    }
    return sql.append(" order by id desc limit :limit").toString();
  }
}
