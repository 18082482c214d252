package dev.lockstep.poll;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code watermark}: how far each feed was read, and the outcome of the last reading. */
@Component
class WatermarkStore {
  private final JdbcClient jdbc;

  /**
   * One feed.
   *
   * @param since everything up to then was read, by the system's clock; null before the first page
   * @param page where reading continues; null if it begins at {@code since}
   * @param newest the newest timestamp on the pages before {@code page}
   * @param skipped what the last reading could not read; null if nothing
   * @param succeededAt when it was last read to its end, by Lockstep's clock
   * @param problem why the last reading failed; null if it did not
   * @param problemSince when it began to fail
   */
  record Watermark(
      String feed,
      @Nullable Instant since,
      @Nullable String page,
      @Nullable Instant newest,
      @Nullable String skipped,
      @Nullable Instant succeededAt,
      @Nullable String problem,
      @Nullable Instant problemSince) {}

  WatermarkStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Optional<Watermark> find(String feed) {
    return jdbc.sql("select * from watermark where feed = ?")
        .param(feed)
        .query(WatermarkStore::watermark)
        .optional();
  }

  Map<String, Watermark> all() {
    return jdbc.sql("select * from watermark").query(WatermarkStore::watermark).list().stream()
        .collect(Collectors.toMap(Watermark::feed, Function.identity()));
  }

  /** Everything before this page is in the inbox. */
  void savePage(String feed, Instant since, String page, @Nullable Instant newest) {
    jdbc.sql(
            """
            insert into watermark (feed, since, page, newest) values (?, ?, ?, ?)
            on conflict (feed) do update set
              since = excluded.since, page = excluded.page, newest = excluded.newest
            """)
        .params(feed, timestamp(since), page, timestamp(newest))
        .update();
  }

  /** Everything up to {@code since} is in the inbox; it never moves back. */
  void finish(String feed, Instant since, @Nullable String skipped, Instant at) {
    jdbc.sql(
            """
            insert into watermark (feed, since, skipped, succeeded_at) values (?, ?, ?, ?)
            on conflict (feed) do update set
              since = greatest(watermark.since, excluded.since), page = null, newest = null,
              skipped = excluded.skipped, succeeded_at = excluded.succeeded_at,
              problem = null, problem_since = null
            """)
        .params(feed, timestamp(since), skipped, timestamp(at))
        .update();
  }

  /**
   * Records why reading failed.
   *
   * @param restarts whether the next reading begins at the first page
   */
  void fail(String feed, String problem, boolean restarts, Instant at) {
    jdbc.sql(
            """
            insert into watermark (feed, problem, problem_since) values (:feed, :problem, :at)
            on conflict (feed) do update set
              page = case when :restarts then null else watermark.page end,
              problem = excluded.problem,
              problem_since = coalesce(watermark.problem_since, excluded.problem_since)
            """)
        .param("feed", feed)
        .param("problem", problem)
        .param("at", timestamp(at))
        .param("restarts", restarts)
        .update();
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant at) {
    return at == null ? null : Timestamp.from(at);
  }

  private static Watermark watermark(ResultSet row, int index) throws SQLException {
    return new Watermark(
        row.getString("feed"),
        instant(row, "since"),
        row.getString("page"),
        instant(row, "newest"),
        row.getString("skipped"),
        instant(row, "succeeded_at"),
        row.getString("problem"),
        instant(row, "problem_since"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }
}
