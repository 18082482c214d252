package dev.lockstep.postmortem.actionitem;

import dev.lockstep.ops.database.PostgresText;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code postmortem}. */
@Component
public class PostmortemStore {
  private static final int LINE_SHOWN = 500;
  private static final int TEXT_SHOWN = 4000;

  private final JdbcClient jdbc;
  private final Clock clock;

  /** Without the body, which may be 2 MB and is read separately. */
  private static final String COLUMNS =
      "id, name, title, url, names, incident, unread, problem, received_at, changed_at";

  /**
   * @param name identifies it when it is sent again: its file name, or the name given by the sender
   * @param url where it can be read; may be empty
   * @param names the incident as the document names it
   * @param incident the record of that incident; null while it cannot be looked up
   * @param unread what could not be read, one line each; empty if everything was read
   * @param problem why it is not linked to its incident; empty if there is no problem
   */
  public record StoredPostmortem(
      long id,
      String name,
      String title,
      String url,
      String names,
      @Nullable RecordRef incident,
      String unread,
      String problem,
      Instant receivedAt,
      Instant changedAt) {}

  /** The content of a received postmortem, and what of it could not be read. */
  public record PostmortemContent(
      String name, String title, String url, String names, String body, String unread) {
    public PostmortemContent {
      name = PostgresText.removeNul(name);
      title = PostgresText.removeNul(title);
      url = PostgresText.removeNul(url);
      names = PostgresText.removeNul(names);
      body = PostgresText.removeNul(body);
      unread = PostgresText.removeNul(unread);
    }
  }

  public PostmortemStore(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  public Optional<StoredPostmortem> find(long id) {
    return jdbc.sql("select " + COLUMNS + " from postmortem where id = ?")
        .param(id)
        .query(this::row)
        .optional();
  }

  public Optional<StoredPostmortem> findByName(String name) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + " from postmortem where name = ? order by changed_at desc limit 1")
        .param(name)
        .query(this::row)
        .optional();
  }

  public Optional<StoredPostmortem> findByIncident(List<RecordRef> incident) {
    return findByIncident(incident, "true");
  }

  private Optional<StoredPostmortem> findByIncident(List<RecordRef> incident, String condition) {
    return jdbc.sql(
            "select %s from postmortem where incident = any(?) and %s order by id limit 1"
                .formatted(COLUMNS, condition))
        .param(RecordStore.names(incident))
        .query(this::row)
        .optional();
  }

  /** Those whose incident could not be looked up when they were received. */
  public List<StoredPostmortem> findWaiting() {
    return jdbc.sql("select " + COLUMNS + " from postmortem where incident is null order by id")
        .query(this::row)
        .list();
  }

  public long countWaiting() {
    return jdbc.sql("select count(*) from postmortem where incident is null")
        .query(Long.class)
        .single();
  }

  /** The one of this name that waits for the incident of this name. */
  public Optional<StoredPostmortem> findWaiting(String name, String names) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + " from postmortem where incident is null and name = ? and names = ?")
        .params(name, names)
        .query(this::row)
        .optional();
  }

  /** The postmortem of an incident whose unread parts were not reported to the incident yet. */
  public Optional<StoredPostmortem> findUnnotified(List<RecordRef> incident) {
    return findByIncident(incident, "unread not in (notified_unread, '')");
  }

  /** Records that its unread parts were reported to the incident. */
  public void markNotified(StoredPostmortem postmortem) {
    jdbc.sql("update postmortem set notified_unread = ? where id = ?")
        .params(postmortem.unread(), postmortem.id())
        .update();
  }

  /** All, newest first; long texts are truncated, since there may be a thousand. */
  public List<StoredPostmortem> findNewest(int most) {
    return jdbc.sql(
            """
            select id, name, incident, received_at, changed_at, left(title, :line) as title,
              left(url, :line) as url, left(names, :line) as names, left(problem, :line) as problem,
              case when length(unread) <= :text then unread
                else left(unread, :text) || '...' end as unread
            from postmortem order by changed_at desc, id desc limit :most
            """)
        .param("line", LINE_SHOWN)
        .param("text", TEXT_SHOWN)
        .param("most", most)
        .query(this::row)
        .list();
  }

  /**
   * Inserts a new one; its row is locked until the transaction ends.
   *
   * @throws org.springframework.dao.DuplicateKeyException if it was inserted concurrently
   */
  public StoredPostmortem insert(PostmortemContent sent, @Nullable RecordRef incident) {
    return jdbc.sql(
            """
            insert into postmortem (name, title, url, names, incident, body, unread, received_at,
              changed_at)
            values (:name, :title, :url, :names, :incident, :body, :unread, :now, :now)
            returning %s
            """
                .formatted(COLUMNS))
        .paramSource(parameters(sent, incident))
        .query(this::row)
        .single();
  }

  /** Updates a stored one; its row is locked until the transaction ends. */
  public StoredPostmortem update(
      StoredPostmortem known, PostmortemContent sent, @Nullable RecordRef incident) {
    return jdbc.sql(
            """
            update postmortem set name = :name, title = :title, url = :url, names = :names,
              incident = :incident, body = :body, unread = :unread, problem = '', changed_at = :now
            where id = :id returning %s
            """
                .formatted(COLUMNS))
        .paramSource(parameters(sent, incident).addValue("id", known.id()))
        .query(this::row)
        .single();
  }

  private MapSqlParameterSource parameters(PostmortemContent sent, @Nullable RecordRef incident) {
    return new MapSqlParameterSource()
        .addValue("name", sent.name())
        .addValue("title", sent.title())
        .addValue("url", sent.url())
        .addValue("names", sent.names())
        .addValue("incident", incident == null ? null : incident.toString())
        .addValue("body", sent.body())
        .addValue("unread", sent.unread())
        .addValue("now", now());
  }

  /** Links a waiting one to its incident; its row is locked until the transaction ends. */
  public void linkToIncident(StoredPostmortem waiting, RecordRef incident) {
    jdbc.sql("update postmortem set incident = ?, problem = '', changed_at = ? where id = ?")
        .params(incident.toString(), now(), waiting.id())
        .update();
  }

  /** Records why it cannot be linked to its incident. */
  public void recordProblem(StoredPostmortem waiting, String problem) {
    jdbc.sql("update postmortem set problem = ? where id = ?")
        .params(problem, waiting.id())
        .update();
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }

  private StoredPostmortem row(ResultSet rs, int index) throws SQLException {
    String incident = rs.getString("incident");
    return new StoredPostmortem(
        rs.getLong("id"),
        rs.getString("name"),
        rs.getString("title"),
        rs.getString("url"),
        rs.getString("names"),
        incident == null ? null : RecordRef.parse(incident),
        rs.getString("unread"),
        rs.getString("problem"),
        rs.getTimestamp("received_at").toInstant(),
        rs.getTimestamp("changed_at").toInstant());
  }
}
