package dev.lockstep.postmortem.item;

import dev.lockstep.ops.StorableText;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code postmortem}. */
public class PostmortemStore {
  private final JdbcClient jdbc;
  private final Clock clock;

  /**
   * @param name by which it is known when it comes again: its file's, or what its sender calls it
   * @param url where a person reads it; may be empty
   * @param names the incident as it names it
   * @param incident the record of that incident; null while it can't be told
   * @param body as it was received
   */
  public record Filed(
      long id,
      String name,
      String title,
      String url,
      String names,
      @Nullable RecordRef incident,
      String body,
      Instant receivedAt,
      Instant changedAt) {}

  public PostmortemStore(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  public Optional<Filed> find(long id) {
    return jdbc.sql("select * from postmortem where id = ?").param(id).query(this::row).optional();
  }

  public Optional<Filed> named(String name) {
    return jdbc.sql("select * from postmortem where name = ? order by id limit 1")
        .param(name)
        .query(this::row)
        .optional();
  }

  public Optional<Filed> of(List<RecordRef> incident) {
    return jdbc.sql("select * from postmortem where incident = any(?) order by id limit 1")
        .param(incident.stream().map(RecordRef::toString).toArray(String[]::new))
        .query(this::row)
        .optional();
  }

  /** Those whose incident could not be asked for when they came. */
  public List<Filed> waiting() {
    return jdbc.sql("select * from postmortem where incident is null order by id")
        .query(this::row)
        .list();
  }

  /** A new one; its row is held until the transaction ends. */
  public Filed insert(
      String name,
      String title,
      String url,
      String names,
      @Nullable RecordRef incident,
      String body) {
    return jdbc.sql(
            """
            insert into postmortem (name, title, url, names, incident, body, received_at, changed_at)
            values (:name, :title, :url, :names, :incident, :body, :now, :now)
            returning *
            """)
        .param("name", StorableText.of(name))
        .param("title", StorableText.of(title))
        .param("url", StorableText.of(url))
        .param("names", StorableText.of(names))
        .param("incident", incident == null ? null : incident.toString())
        .param("body", StorableText.of(body))
        .param("now", now())
        .query(this::row)
        .single();
  }

  /** The same one as it is now; its row is held until the transaction ends. */
  public Filed update(
      Filed known, String title, String url, @Nullable RecordRef incident, String body) {
    return jdbc.sql(
            """
            update postmortem set title = :title, url = :url, incident = :incident, body = :body,
              changed_at = :now
            where id = :id returning *
            """)
        .param("id", known.id())
        .param("title", StorableText.of(title))
        .param("url", StorableText.of(url))
        .param("incident", incident == null ? null : incident.toString())
        .param("body", StorableText.of(body))
        .param("now", now())
        .query(this::row)
        .single();
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }

  private Filed row(ResultSet rs, int index) throws SQLException {
    String incident = rs.getString("incident");
    return new Filed(
        rs.getLong("id"),
        rs.getString("name"),
        rs.getString("title"),
        rs.getString("url"),
        rs.getString("names"),
        incident == null ? null : RecordRef.parse(incident),
        rs.getString("body"),
        rs.getTimestamp("received_at").toInstant(),
        rs.getTimestamp("changed_at").toInstant());
  }
}
