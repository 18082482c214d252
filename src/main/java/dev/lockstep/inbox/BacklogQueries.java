package dev.lockstep.inbox;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The work that waits: now, by system, and during the last day. */
@Component
public class BacklogQueries {
  private static final Duration KEPT = Duration.ofDays(1);

  private final JdbcClient jdbc;
  private final InboxStore inbox;
  private final Clock clock;

  BacklogQueries(JdbcClient jdbc, InboxStore inbox, Clock clock) {
    this.jdbc = jdbc;
    this.inbox = inbox;
    this.clock = clock;
  }

  /**
   * @param waiting entries that are not processed yet, failed ones among them
   * @param failing those of them that failed and are retried automatically
   * @param oldest since when the oldest of them waits; null if nothing waits
   */
  public record Backlog(long waiting, long failing, long deadLetters, @Nullable Instant oldest) {}

  public Backlog now() {
    Map<InboxStore.State, Long> counts = inbox.countByState();
    long failing = counts.getOrDefault(InboxStore.State.FAILED, 0L);
    return new Backlog(
        counts.getOrDefault(InboxStore.State.RECEIVED, 0L)
            + counts.getOrDefault(InboxStore.State.PROCESSING, 0L)
            + failing,
        failing,
        counts.getOrDefault(InboxStore.State.DEAD_LETTER, 0L),
        inbox.findOldest().orElse(null));
  }

  /** What waits for one system. */
  public record OfSystem(long waiting, Instant oldest) {}

  /** By system: the entries with a record there; others are absent. */
  public Map<String, OfSystem> bySystem() {
    Map<String, OfSystem> found = new HashMap<>();
    jdbc.sql(
            """
            select system, count(*) as n, min(received_at) as oldest from (
              select distinct e.subject, e.received_at, split_part(r.ref, '/', 1) as system
              from inbox_entry e join record r on r.correlation = substr(e.subject, 13)::uuid
              where e.subject like 'correlation:%' and e.state <> 'DEAD_LETTER'
              union all
              select e.subject, e.received_at, split_part(substr(e.subject, 8), '/', 1)
              from inbox_entry e where e.subject like 'record:%' and e.state <> 'DEAD_LETTER') waiting
            group by system
            """)
        .query(
            rs -> {
              found.put(
                  rs.getString("system"),
                  new OfSystem(rs.getLong("n"), rs.getTimestamp("oldest").toInstant()));
            });
    return found;
  }

  /**
   * @param oldestSeconds how long the oldest entry had waited
   */
  public record Sample(Instant at, long waiting, long oldestSeconds) {}

  /** Of the last day, oldest first: one a minute while Lockstep ran. */
  public List<Sample> lastDay() {
    return jdbc.sql("select * from backlog where at > ? order by at")
        .param(Timestamp.from(clock.instant().minus(KEPT)))
        .query(
            (rs, i) ->
                new Sample(
                    rs.getTimestamp("at").toInstant(),
                    rs.getLong("waiting"),
                    rs.getLong("oldest_seconds")))
        .list();
  }

  /** Records what waits now, and forgets what is older than a day. */
  void sample() {
    Backlog backlog = now();
    Instant at = clock.instant();
    long seconds =
        backlog.oldest() == null
            ? 0
            : Math.max(0, Duration.between(backlog.oldest(), at).toSeconds());
    jdbc.sql("insert into backlog values (?, ?, ?) on conflict do nothing")
        .params(Timestamp.from(at), backlog.waiting(), seconds)
        .update();
    jdbc.sql("delete from backlog where at <= ?").param(Timestamp.from(at.minus(KEPT))).update();
  }
}
