package dev.lockstep.retention;

import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds and deletes, in all tables, what belongs to a correlation or to a ticket without one. */
@Component
class RetentionStore {
  /** A duplicate or primary whose other ticket is not over for so long, or is being linked. */
  private static final String HAS_ACTIVE_DUPLICATE =
      """
      exists (select 1 from duplicate
        join ticket one on one.record in (duplicate.duplicate, primary_ticket)
        join ticket other on other.record in (duplicate.duplicate, primary_ticket)
        where (one.record = any(:refs) or one.seen_record = any(:refs))
          and (other.closed_at is null or other.closed_at >= :before
            or duplicate.state in ('LINKING', 'UNLINKING')))
      """;

  private final JdbcClient jdbc;

  RetentionStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Correlations whose pairs did not change since then, in a fixed order. */
  List<UUID> unchangedSince(Instant before, @Nullable UUID after, int most) {
    return jdbc.sql(
            """
            select correlation from pair
            where cast(:after as uuid) is null or correlation > :after
            group by correlation having max(changed_at) < :before
            order by correlation limit :most
            """)
        .param("after", after)
        .param("before", Timestamp.from(before))
        .param("most", most)
        .query(UUID.class)
        .list();
  }

  boolean isUnchangedSince(Instant before, UUID correlation) {
    return jdbc.sql("select max(changed_at) < ? from pair where correlation = ?")
        .params(Timestamp.from(before), correlation)
        .query(Boolean.class)
        .single();
  }

  /**
   * Keeps others from working on a correlation until the transaction ends.
   *
   * @return false if there is work for it, done or waiting, or a dead letter
   */
  boolean lock(UUID correlation) {
    return jdbc.sql(
                """
                insert into inbox_entry
                  (subject, generation, state, attempts, outcome_unknown, hints, received_at, changed_at)
                values (?, 0, 'RECEIVED', 0, false, '{}', now(), now())
                on conflict (subject) do nothing
                """)
            .param("correlation:" + correlation)
            .update()
        > 0;
  }

  void unlock(UUID correlation) {
    jdbc.sql("delete from inbox_entry where subject = ?")
        .param("correlation:" + correlation)
        .update();
  }

  /**
   * Whether something about these records is still to be done: a note waits for an operator or was
   * written since then, an action item is not finished, a duplicate is active. Records of action
   * items are always kept, as action items are.
   */
  boolean isNeeded(Collection<RecordRef> records, Instant before) {
    return jdbc.sql(
            """
            select exists (select 1 from note where record = any(:refs) and created_at >= :before)
              or exists (select 1 from note_delivery
                where (record = any(:refs) or target = any(:refs))
                  and (state in ('SENDING', 'REFUSED')
                    or state in ('WAITING', 'READY') and (retried or exists (
                      select 1 from pair where state in ('LINKED', 'BROKEN')
                        and note_delivery.target in (left_ref, right_ref)))))
              or exists (select 1 from incident_update
                where record = any(:refs) and sent_at >= :before)
              or exists (select 1 from manager_change
                where record = any(:refs) and made_at >= :before)
              or exists (select 1 from message
                join inbox_entry entry on entry.subject = 'message:' || message.id
                where about = any(:refs))
              or exists (select 1 from action_item
                where counterpart = any(:refs) or follow_up = any(:refs)
                  or stage not in ('DEPLOYED', 'DONE', 'CANCELLED')
                    and (incident = any(:refs) or source_item ->> 'ticket' = any(:refs)))
              or %s
            """
                .formatted(HAS_ACTIVE_DUPLICATE))
        .param("refs", RecordStore.names(records))
        .param("before", Timestamp.from(before))
        .query(Boolean.class)
        .single();
  }

  /** The records of tickets in no pair that were closed before then and are no active duplicate. */
  List<Set<RecordRef>> ticketsClosedBefore(Instant before, int most) {
    return jdbc.sql(
            """
            select ticket.record, ticket.seen_record from ticket
            where closed_at < :before
              and not exists (select 1 from record
                where ref in (ticket.record, ticket.seen_record) and correlation is not null)
              and not exists (select 1 from duplicate
                join ticket other on other.record in (duplicate.duplicate, primary_ticket)
                where ticket.record in (duplicate.duplicate, primary_ticket)
                  and (other.closed_at is null or other.closed_at >= :before
                    or duplicate.state in ('LINKING', 'UNLINKING')))
              and not exists (select 1 from inbox_entry
                where subject in ('record:' || ticket.record, 'record:' || ticket.seen_record))
            order by ticket.record limit :most
            """)
        .param("before", Timestamp.from(before))
        .param("most", most)
        .query(
            (rs, i) ->
                Stream.of(rs.getString("record"), rs.getString("seen_record"))
                    .map(RecordRef::parse)
                    .collect(Collectors.toSet()))
        .list();
  }

  /** Everything that {@link #delete} deletes, as one JSON object on one line. */
  String toJson(Collection<RecordRef> records, @Nullable UUID correlation) {
    return jdbc.sql(
            """
            with compared as (
              select * from ticket where record = any(:refs) or seen_record = any(:refs)),
            linked as (
              select * from duplicate
              where duplicate in (select record from compared)
                or primary_ticket in (select record from compared)),
            paired as (select * from pair where correlation = cast(:correlation as uuid))
            select jsonb_build_object(
              'correlation', cast(:correlation as uuid),
              'pairs', (select jsonb_agg(to_jsonb(p)) from paired p),
              'records', (select jsonb_agg(to_jsonb(r)) from record r where ref = any(:refs)),
              'notes', (select jsonb_agg(to_jsonb(n)) from note n where record = any(:refs)),
              'incidents', (select jsonb_agg(to_jsonb(i)) from incident i
                where record = any(:refs)),
              'updates', (select jsonb_agg(to_jsonb(u) order by u.id) from incident_update u
                where record = any(:refs)),
              'managers', (select jsonb_agg(to_jsonb(m)) from incident_manager m
                where record = any(:refs)),
              'managerChanges', (select jsonb_agg(to_jsonb(c) order by c.id) from manager_change c
                where record = any(:refs)),
              'onCall', (select jsonb_agg(to_jsonb(o)) from on_call_shown o
                where record = any(:refs)),
              'messages', (select jsonb_agg(to_jsonb(m)) from message m
                where about = any(:refs)),
              'problems', (select jsonb_agg(to_jsonb(p)) from problem p
                where 'lockstep/problem/' || p.id = any(:refs)),
              'problemIncidents', (select jsonb_agg(to_jsonb(p)) from problem_incident p
                where incident = any(:refs)),
              'deliveries', (select jsonb_agg(to_jsonb(d)) from note_delivery d
                where record = any(:refs)),
              'tickets', (select jsonb_agg(to_jsonb(t) - 'embedding') from compared t),
              'duplicates', (select jsonb_agg(to_jsonb(d)) from linked d),
              'audit', (select jsonb_agg(to_jsonb(a) order by a.id) from audit a
                where subject in (select 'pair:' || id from paired
                  union all select 'duplicate:' || id from linked
                  union all select 'incident:' || ref from unnest(:refs) ref)))::text
            """)
        .param("refs", RecordStore.names(records))
        .param("correlation", correlation)
        .query(String.class)
        .single();
  }

  /** Deletes everything known of these records. */
  void delete(Collection<RecordRef> records, @Nullable UUID correlation) {
    for (String statement :
        List.of(
            """
            with linked as (
              delete from duplicate using ticket
              where ticket.record in (duplicate.duplicate, primary_ticket)
                and (ticket.record = any(:refs) or ticket.seen_record = any(:refs))
              returning duplicate.id)
            delete from audit using linked where subject = 'duplicate:' || linked.id
            """,
            "delete from ticket where record = any(:refs) or seen_record = any(:refs)",
            "delete from note where record = any(:refs)",
            "delete from drift where record = any(:refs)",
            "delete from incident where record = any(:refs)",
            "delete from cadence where record = any(:refs)",
            "delete from vendor_watch where record = any(:refs)",
            "delete from incident_update where record = any(:refs)",
            "delete from incident_manager where record = any(:refs)",
            "delete from manager_change where record = any(:refs)",
            "delete from on_call_shown where record = any(:refs)",
            "delete from problem where 'lockstep/problem/' || id = any(:refs)",
            "delete from problem_incident where incident = any(:refs)",
            """
            delete from problem where state <> 'ACCEPTED' and not exists (
              select 1 from problem_incident where problem_incident.problem = problem.id)
            """,
            "delete from message where about = any(:refs)",
            """
            delete from audit where subject in (
              select 'incident:' || ref from unnest(:refs) ref)
            """,
            """
            delete from chosen_value
            where pair in (select id from pair where correlation = cast(:correlation as uuid))
            """,
            """
            with unpaired as (
              delete from pair where correlation = cast(:correlation as uuid) returning id)
            delete from audit using unpaired where subject = 'pair:' || unpaired.id
            """,
            "delete from record where ref = any(:refs)")) {
      jdbc.sql(statement)
          .param("refs", RecordStore.names(records))
          .param("correlation", correlation)
          .update();
    }
  }

  /**
   * Deletes what was recorded before then about work and records that belong to no correlation:
   * decisions about dead letters, and values without a mapping.
   */
  int deleteOtherAudit(Instant before) {
    return jdbc.sql(
            """
            delete from audit
            where (subject like 'dead-letter:%' or subject like 'record:%') and at < ?
            """)
        .param(Timestamp.from(before))
        .update();
  }

  /** They contain texts of tickets. */
  int deletePlans(Instant before) {
    return jdbc.sql("delete from saved_plan where finished_at < ?")
        .param(Timestamp.from(before))
        .update();
  }
}
