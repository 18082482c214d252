package dev.lockstep.communication.manager;

import dev.lockstep.communication.Communications;
import dev.lockstep.communication.Communications.Due;
import dev.lockstep.communication.Communications.DueState;
import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.RecordRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Drafts what is open about an incident, for the person who takes it over; reads tables only. */
@Component
class OpenPoints {
  private static final int MOST_OF_A_KIND = 10;
  private static final int LONGEST_LINE = 200;

  private final Communications communications;
  private final JdbcClient jdbc;

  OpenPoints(Communications communications, JdbcClient jdbc) {
    this.communications = communications;
    this.jdbc = jdbc;
  }

  /** One line for each; a single sentence if there are none. */
  String draft(KnownIncident incident) {
    Collection<RecordRef> refs = incident.correlation().records();
    List<String> points = new ArrayList<>();
    communications.due(incident).stream().map(OpenPoints::describe).forEach(points::add);
    points.addAll(
        find(
            """
            select 'Action item: ' || title || ' (' || lower(replace(stage, '_', ' ')) || ')'
            from action_item where incident = any(:refs)
              and stage not in ('DEPLOYED', 'DONE', 'CANCELLED') order by id
            """,
            refs));
    points.addAll(
        find(
            """
            select coalesce(one.key, d.duplicate) || ' is proposed as a duplicate of '
              || coalesce(other.key, d.primary_ticket)
            from duplicate d left join record one on one.ref = d.duplicate
              left join record other on other.ref = d.primary_ticket
            where d.state = 'PROPOSED'
              and (d.duplicate = any(:refs) or d.primary_ticket = any(:refs))
            order by d.id
            """,
            refs));
    points.addAll(deadLetters(refs));
    points.addAll(
        find(
            """
            select 'Conflict: ' || text || ': kept ' || (details ->> 'kept') || ', lost '
              || (details ->> 'lost')
            from audit join pair on subject = 'pair:' || pair.id
            where what = 'conflict' and (left_ref = any(:refs) or right_ref = any(:refs))
            order by audit.id desc
            """,
            refs));
    gaps(incident).forEach((field, why) -> points.add("Not synced: %s: %s".formatted(field, why)));
    return points.isEmpty() ? "Lockstep knows of no open points." : lines(points);
  }

  private static String lines(List<String> points) {
    StringBuilder text = new StringBuilder();
    for (String point : points) {
      String line = PlainText.truncate(PlainText.oneLine(point), LONGEST_LINE, Integer.MAX_VALUE);
      if (text.length() + line.length() + 3 > ManagerRequest.LONGEST_POINTS) {
        break;
      }
      text.append(text.isEmpty() ? "- " : "\n- ").append(line);
    }
    return text.toString();
  }

  private static String describe(Due due) {
    return "Update for %s %s %s"
        .formatted(
            due.audienceTitle(),
            due.state() == DueState.OVERDUE ? "is overdue since" : "is due at",
            DraftWriter.time(due.dueAt()));
  }

  private static Map<String, String> gaps(KnownIncident incident) {
    Map<String, String> gaps = new TreeMap<>();
    incident.correlation().pairs().stream()
        .filter(pair -> !pair.state().isOver())
        .map(Pair::gaps)
        .forEach(gaps::putAll);
    return gaps;
  }

  private List<String> find(String query, Collection<RecordRef> refs) {
    return jdbc.sql(query + " limit " + MOST_OF_A_KIND)
        .param("refs", RecordStore.names(refs))
        .query(String.class)
        .list();
  }

  private List<String> deadLetters(Collection<RecordRef> refs) {
    long count =
        jdbc.sql(
                """
                select count(*) from inbox_entry
                where (state = 'DEAD_LETTER' or rejected_count > 0) and (
                  subject in (select 'correlation:' || correlation from record
                    where ref = any(:refs)
                    union all select 'record:' || ref from unnest(:refs) ref
                    union all select 'message:' || id from message where about = any(:refs))
                  or exists (select 1 from unnest(:refs) ref
                    where starts_with(subject, 'note:' || ref || '#')))
                """)
            .param("refs", RecordStore.names(refs))
            .query(Long.class)
            .single();
    return count == 0
        ? List.of()
        : List.of("Dead letters that wait for a decision: %d".formatted(count));
  }
}
