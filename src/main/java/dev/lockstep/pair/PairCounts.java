package dev.lockstep.pair;

import dev.lockstep.audit.AuditSubject;
import dev.lockstep.record.Side;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Counts pairs, and the reasons why fields of them are not synced. */
@Component
public class PairCounts {
  /** The index {@code audit_unmapped} has all that is counted. */
  static final String UNMAPPED =
      """
      with counted as (
        select details, count(*) filter (where at >= :since) as recent, min(at) as first_at,
          max(at) as last_at, max(id) as latest
        from audit where what = 'unmapped' group by details
        order by recent desc, last_at desc, details limit :most)
      select counted.details ->> 'mapping' as mapping, counted.details ->> 'field' as field,
        counted.details ->> 'side' as side, counted.details ->> 'value' as value,
        recent, first_at, last_at, subject
      from counted join audit on id = latest order by recent desc, last_at desc, latest
      """;

  private final JdbcClient jdbc;

  public PairCounts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * How many pairs there are.
   *
   * @param states by state
   * @param inSync those that are linked, without a gap, and nothing waits for them
   * @param gaps those with a field or a note that could not be synced
   * @param conflicts edits that lost against another one since a day; counted up to 10,000
   */
  public record Counts(Map<Pair.State, Long> states, long inSync, long gaps, long conflicts) {}

  public Counts count(Instant since) {
    Map<Pair.State, Long> states = new HashMap<>();
    jdbc.sql("select state, count(*) as n from pair group by state")
        .query(
            rs -> {
              states.put(Pair.State.valueOf(rs.getString("state")), rs.getLong("n"));
            });
    long gaps =
        jdbc.sql("select count(*) from pair where gap_count > 0").query(Long.class).single();
    long conflicts =
        jdbc.sql(
                """
                select count(*) from (
                  select at from audit where what = 'conflict' order by id desc limit 10000) latest
                where at > ?
                """)
            .param(Timestamp.from(since))
            .query(Long.class)
            .single();
    return new Counts(states, countInSync(states), gaps, conflicts);
  }

  /** Few pairs are not in sync, and each kind of them has an index. */
  private long countInSync(Map<Pair.State, Long> states) {
    long others =
        jdbc.sql(
                """
                select count(*) from (
                  select id from pair where gap_count > 0 and state = 'LINKED'
                  union select p.id from inbox_entry e
                    join pair p on p.correlation = substr(e.subject, 13)::uuid
                    where e.subject like 'correlation:%' and p.state = 'LINKED') waiting
                """)
            .query(Long.class)
            .single();
    return states.getOrDefault(Pair.State.LINKED, 0L) - others;
  }

  /**
   * A reason why a field of some pairs is not synced.
   *
   * @param reason for example that the mapping has no value for the one that occurred
   * @param pairs how many are affected now
   */
  public record Gap(String mapping, String field, String reason, long pairs) {}

  /**
   * A value without a row in the tables of its mapping, whether or not they have one by now.
   *
   * @param recent how often it appeared on a record since the time asked for
   * @param firstAt as far as the audit goes back
   * @param latest the subject in the audit of its latest occurrence: a pair, or a record in none
   */
  public record Unmapped(
      UnmappedValue value, long recent, Instant firstAt, Instant lastAt, AuditSubject latest) {}

  /** The most frequent since then first. */
  public List<Unmapped> countUnmapped(Instant since, int most) {
    return jdbc.sql(UNMAPPED)
        .param("since", Timestamp.from(since))
        .param("most", most)
        .query(
            (rs, i) ->
                new Unmapped(
                    new UnmappedValue(
                        rs.getString("mapping"),
                        rs.getString("field"),
                        Side.parse(rs.getString("side")),
                        rs.getString("value")),
                    rs.getLong("recent"),
                    rs.getTimestamp("first_at").toInstant(),
                    rs.getTimestamp("last_at").toInstant(),
                    AuditSubject.parse(rs.getString("subject"))))
        .list();
  }

  /** The most frequent first. */
  public List<Gap> countGaps(int most) {
    return jdbc.sql(
            """
            select mapping, gap.key, gap.value, count(*) as n
            from pair, jsonb_each_text(gaps) as gap where gap_count > 0
            group by mapping, gap.key, gap.value order by n desc, mapping, gap.key, gap.value limit ?
            """)
        .param(most)
        .query(
            (rs, i) ->
                new Gap(
                    rs.getString("mapping"),
                    rs.getString("key"),
                    rs.getString("value"),
                    rs.getLong("n")))
        .list();
  }
}
