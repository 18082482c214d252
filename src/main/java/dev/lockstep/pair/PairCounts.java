package dev.lockstep.pair;

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
