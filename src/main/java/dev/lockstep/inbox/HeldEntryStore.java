package dev.lockstep.inbox;

import dev.lockstep.pause.PausedWork;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The entries of {@code inbox_entry} that wait for a pause to end. They are due again when one of
 * the pauses they wait for has ended; live work, of a higher priority, goes first.
 */
@Component
class HeldEntryStore implements PausedWork {
  private final JdbcClient jdbc;
  private final WorkQueue queue;
  private final Clock clock;

  HeldEntryStore(JdbcClient jdbc, WorkQueue queue, Clock clock) {
    this.jdbc = jdbc;
    this.queue = queue;
    this.clock = clock;
  }

  /** The caller must hold the lock on the row. */
  void markWaiting(Subject subject, Set<String> scopes, int priority) {
    jdbc.sql("update inbox_entry set waits_for = ?, priority = ? where subject = ?")
        .params(scopes.toArray(String[]::new), priority, subject.toString())
        .update();
  }

  private record Released(String subject, boolean deadLetter) {}

  /**
   * Rows that are locked are left out: their transactions add work to them, which schedules them,
   * or end an attempt, which found the pause before it ended.
   */
  @Override
  public int release(Set<String> paused) {
    Timestamp now = Timestamp.from(clock.instant());
    List<Released> released =
        jdbc.sql(
                """
                with held as (
                  select subject, state from inbox_entry
                  where waits_for <> '{}' and not waits_for <@ :paused::text[]
                  for update skip locked)
                update inbox_entry entry
                set waits_for = '{}', resumed_at = :now,
                    state = case when held.state = 'DEAD_LETTER' then 'RECEIVED' else held.state end
                from held where entry.subject = held.subject
                returning entry.subject, held.state = 'DEAD_LETTER' as dead_letter
                """)
            .param("paused", paused.toArray(String[]::new))
            .param("now", now)
            .query((rs, i) -> new Released(rs.getString("subject"), rs.getBoolean("dead_letter")))
            .list();
    List<String> scheduled = new ArrayList<>();
    for (Released entry : released) {
      if (entry.deadLetter()) {
        queue.enqueue(Subject.parse(entry.subject()));
      } else {
        scheduled.add(entry.subject());
      }
    }
    if (!released.isEmpty()) {
      makeDue(scheduled, now);
      queue.pollNow();
    }
    return released.size();
  }

  private void makeDue(List<String> subjects, Timestamp now) {
    jdbc.sql(
            """
            update scheduled_tasks task
            set execution_time = :now, priority = entry.priority, version = task.version + 1
            from inbox_entry entry
            where task.task_name = :task and task.task_instance = entry.subject and not task.picked
              and entry.subject = any(:subjects)
            """)
        .param("now", now)
        .param("task", WorkQueue.TASK)
        .param("subjects", subjects.toArray(String[]::new))
        .update();
  }

  @Override
  public Map<String, Long> count() {
    Map<String, Long> counts = new HashMap<>();
    jdbc.sql(
            """
            select scope, count(*) as n from inbox_entry, unnest(waits_for) as scope
            where waits_for <> '{}' group by scope
            """)
        .query(
            rs -> {
              counts.put(rs.getString("scope"), rs.getLong("n"));
            });
    return counts;
  }
}
