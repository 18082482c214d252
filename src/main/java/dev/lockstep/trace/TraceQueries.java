package dev.lockstep.trace;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.trace.timeline.TimelineEvent;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Queries that only a trace needs. Read-only. */
@Component
class TraceQueries {
  private final JdbcClient jdbc;

  TraceQueries(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Records with this display key, incidents first.
   *
   * @param key also after the record's system and a colon: two instances may have the same keys
   */
  List<RecordRef> findByKey(String key) {
    return refs(
        """
        select ref from record where key = :it or key = substring(:it from '^[a-z0-9-]+:(.+)$')
          and split_part(ref, '/', 1) = split_part(:it, ':', 1)
        order by not exists (select 1 from incident i where i.record = ref), correlation is null,
          state ->> 'updatedAt' desc
        """,
        key);
  }

  /** Records with this id in their system. */
  List<RecordRef> findById(String id) {
    return refs(
        """
        select ref from record where split_part(ref, '/', 3) = :it
        union all select record from ticket where split_part(record, '/', 3) = :it
        """,
        id);
  }

  private List<RecordRef> refs(String sql, String it) {
    return jdbc.sql(sql).param("it", it).query((rs, i) -> rs.getString("ref")).list().stream()
        .filter(Objects::nonNull)
        .map(RecordRef::parse)
        .distinct()
        .toList();
  }

  /** Items by the key of their change, or by the issue they name. */
  List<Long> findItems(String key) {
    return jdbc.sql(
            """
            select id from action_item
            where change ->> 'key' = :it or earlier @> :change::jsonb or source_item ->> 'ticket' = :it
              or split_part(reverse(source_item ->> 'ticket'), '/', 1) = reverse(:it)
            order by change ->> 'key' = :it or earlier @> :change::jsonb desc, id
            """)
        .param("it", key)
        .param("change", "[{\"change\": {\"key\": %s}}]".formatted(TextNode.valueOf(key)))
        .query(Long.class)
        .list();
  }

  /** What the audit says something about, of these records and all that belongs to them. */
  List<String> findAuditSubjects(List<RecordRef> records) {
    return jdbc.sql(
            """
            select 'pair:' || id as subject from pair
              where left_ref = any(:refs) or right_ref = any(:refs)
            union select 'duplicate:' || id from duplicate
              where duplicate = any(:refs) or primary_ticket = any(:refs)
            union select 'action-item:' || id from action_item where incident = any(:refs)
            union select 'postmortem:' || id from postmortem where incident = any(:refs)
            union select 'incident:' || ref from unnest(:refs) ref
            """)
        .param("refs", RecordStore.names(records))
        .query(String.class)
        .list();
  }

  List<Long> findPostmortems(List<RecordRef> incidents) {
    return jdbc.sql("select id from postmortem where incident = any(?) order by id")
        .param(RecordStore.names(incidents))
        .query(Long.class)
        .list();
  }

  /** When it was seen closed, and which notes were written about that. */
  List<TimelineEvent> closureEvents(List<RecordRef> incidents, RecordRef voice, String key) {
    return jdbc.sql(
            """
            select closed_at as at, 'closed' as what,
              case when is_open then 'Was closed, and is open again' else 'Seen closed' end as text,
              false as internal
            from closure where incident = any(:incidents)
            union all
            select created_at, 'guarded', text, visibility = 'INTERNAL' from note
            where record = :voice and id like 'closure:%'
            order by at
            """)
        .param("incidents", RecordStore.names(incidents))
        .param("voice", voice.toString())
        .query(
            (rs, i) ->
                TimelineEvent.own(
                        rs.getTimestamp("at").toInstant(),
                        key,
                        rs.getString("what"),
                        rs.getString("text"),
                        "")
                    .forOperators(rs.getBoolean("internal")))
        .list();
  }
}
