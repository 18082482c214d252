package dev.lockstep.duplicates.ticket;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.Duplicate.Resolution;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.similarity.Reason;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code duplicate}, and the audit of its rows. */
@Component
public class DuplicateStore {
  private static final String ACTIVE = "state in ('LINKING', 'LINKED', 'UNLINKING')";

  private final JdbcClient jdbc;
  private final DuplicateRowMapper rows;
  private final AuditStore audit;
  private final Clock clock;

  public DuplicateStore(JdbcClient jdbc, ObjectMapper json, AuditStore audit, Clock clock) {
    this.jdbc = jdbc;
    this.rows = new DuplicateRowMapper(new JsonColumns(json, "duplicate"));
    this.audit = audit;
    this.clock = clock;
  }

  public Optional<Duplicate> find(long id) {
    return jdbc.sql("select * from duplicate where id = ?").param(id).query(rows).optional();
  }

  /** The ticket's active link: at most one. */
  public Optional<Duplicate> findActive(List<RecordRef> records) {
    return jdbc
        .sql("select * from duplicate where duplicate = any(?) and " + ACTIVE)
        .param(RecordStore.names(records))
        .query(rows)
        .list()
        .stream()
        .findFirst();
  }

  public List<Duplicate> findChildren(List<RecordRef> primaries) {
    return jdbc.sql(
            "select * from duplicate where primary_ticket = any(?) and " + ACTIVE + " order by id")
        .param(RecordStore.names(primaries))
        .query(rows)
        .list();
  }

  /** All that were ever linked, or that an operator decided about, with one of these tickets. */
  public List<Duplicate> findDecided(Collection<RecordRef> tickets) {
    return jdbc.sql(
            """
            select * from duplicate where id in (
              select id from duplicate where duplicate = any(:tickets)
              union all select id from duplicate where primary_ticket = any(:tickets))
              and state not in ('PROPOSED', 'WITHDRAWN')
            order by id
            """)
        .param("tickets", RecordStore.names(tickets))
        .query(rows)
        .list();
  }

  public Optional<Duplicate> findBetween(RecordRef one, RecordRef other) {
    return jdbc.sql(
            """
            select * from duplicate where least(duplicate, primary_ticket) = least(:one, :other)
              and greatest(duplicate, primary_ticket) = greatest(:one, :other)
            """)
        .param("one", one.toString())
        .param("other", other.toString())
        .query(rows)
        .optional();
  }

  /** The primaries of those records that have one. */
  public Map<RecordRef, RecordRef> findPrimaries(List<RecordRef> records) {
    return primaries("select duplicate, primary_ticket from duplicate where " + ACTIVE, records);
  }

  /** The proposed primaries of those records that have one. */
  public Map<RecordRef, RecordRef> findProposedPrimaries(List<RecordRef> records) {
    return primaries(
        "select duplicate, primary_ticket from duplicate where state = 'PROPOSED'", records);
  }

  private Map<RecordRef, RecordRef> primaries(String select, List<RecordRef> records) {
    Map<RecordRef, RecordRef> primaries = new HashMap<>();
    jdbc.sql(select + " and duplicate = any(?)")
        .param(RecordStore.names(records))
        .query(
            rs -> {
              primaries.put(
                  RecordRef.parse(rs.getString("duplicate")),
                  RecordRef.parse(rs.getString("primary_ticket")));
            });
    return primaries;
  }

  /** The tickets that an operator decided are not the same as this one. */
  public Set<RecordRef> findRefused(RecordRef ticket) {
    Set<RecordRef> refused = new HashSet<>();
    jdbc.sql(
            """
            select case when duplicate = :it then primary_ticket else duplicate end as far
            from duplicate
            where (duplicate = :it or primary_ticket = :it) and state in ('SPLIT', 'REJECTED')
            """)
        .param("it", ticket.toString())
        .query(
            rs -> {
              refused.add(RecordRef.parse(rs.getString("far")));
            });
    return refused;
  }

  /** The proposals with this ticket as the duplicate. */
  public List<Duplicate> findProposed(RecordRef ticket) {
    return jdbc.sql("select * from duplicate where state = 'PROPOSED' and duplicate = ?")
        .param(ticket.toString())
        .query(rows)
        .list();
  }

  public List<Duplicate> list(List<State> states, int limit) {
    return jdbc.sql(
            "select * from duplicate where state = any(?) order by changed_at desc, id desc limit"
                + " ?")
        .params(states.stream().map(State::name).toArray(String[]::new), limit)
        .query(rows)
        .list();
  }

  /**
   * Finds by id, record, or the duplicate's key: the active one, else a proposal, else the most
   * recently changed.
   */
  public Optional<Duplicate> findByName(String name) {
    return jdbc.sql(
            """
            select duplicate.* from duplicate where id in (
              select id from duplicate where id = :id
              union all select id from duplicate where duplicate = :name
              union all select id from duplicate where duplicate in (
                select record from ticket join record seen on seen.ref = seen_record
                  where seen.state ->> 'key' = :name))
            order by duplicate.state in ('LINKING', 'LINKED', 'UNLINKING') desc,
              duplicate.state = 'PROPOSED' desc, duplicate.changed_at desc
            limit 1
            """)
        .param("id", name.matches("\\d{1,18}") ? Long.parseLong(name) : 0)
        .param("name", name)
        .query(rows)
        .optional();
  }

  /**
   * Inserts the row between two tickets, or updates the existing one, swapping the roles if needed.
   */
  public Duplicate upsert(
      RecordRef duplicate,
      RecordRef primary,
      State state,
      @Nullable Double score,
      List<Reason> reasons,
      String by) {
    Optional<Duplicate> known = findBetween(duplicate, primary);
    Duplicate row =
        new Duplicate(
            known.map(Duplicate::id).orElse(0L),
            known.map(Duplicate::revision).orElse(0L),
            duplicate,
            primary,
            state,
            score,
            reasons,
            by,
            known.map(Duplicate::unlinkReason).orElse(null),
            null,
            null,
            Resolution.OPEN,
            Map.of());
    return known.isPresent() ? save(row) : insert(row);
  }

  private Duplicate insert(Duplicate row) {
    return jdbc.sql(
            """
            insert into duplicate (revision, duplicate, primary_ticket, state, score, reasons,
              decided_by, resolution, restore, created_at, changed_at)
            values (:revision, :duplicate, :primary, :state, :score, :reasons::jsonb, :by,
              :resolution, :restore::jsonb, :now, :now)
            returning *
            """)
        .params(rows.toParameters(row))
        .param("now", now())
        .query(rows)
        .single();
  }

  /**
   * @return the row with its new revision
   * @throws OptimisticLockingFailureException when the row was changed since, for example by an
   *     operator; the pass must be repeated
   */
  public Duplicate save(Duplicate duplicate) {
    int updated =
        jdbc.sql(
                """
                update duplicate set revision = :revision + 1, duplicate = :duplicate, primary_ticket = :primary, state = :state,
                  score = :score, reasons = :reasons::jsonb, decided_by = :by, unlink_reason = :unlinkReason,
                  previous_parent = :previousParent, written = :written::jsonb, resolution = :resolution,
                  restore = :restore::jsonb, changed_at = :now
                where id = :id and revision = :revision
                """)
            .params(rows.toParameters(duplicate))
            .param("now", now())
            .update();
    if (updated == 0) {
      throw new OptimisticLockingFailureException(
          "Duplicate " + duplicate.id() + " was changed since revision " + duplicate.revision());
    }
    return duplicate.withNextRevision();
  }

  /** Adds an audit entry. */
  public void addHistory(Duplicate duplicate, String what, String text, String by) {
    audit.record(subject(duplicate), List.of(new AuditEntry(what, text, Map.of(), by)));
  }

  public List<Duplicates.Event> history(Duplicate duplicate) {
    return histories(List.of(duplicate)).getOrDefault(duplicate.id(), List.of());
  }

  /** By id; one query. */
  public Map<Long, List<Duplicates.Event>> histories(Collection<Duplicate> duplicates) {
    Map<Long, List<Duplicates.Event>> histories = new HashMap<>();
    for (AuditEvent event :
        audit.findAll(duplicates.stream().map(DuplicateStore::subject).toList())) {
      histories
          .computeIfAbsent(Long.valueOf(event.subject().id()), id -> new ArrayList<>())
          .add(
              new Duplicates.Event(
                  event.at(), event.entry().what(), event.entry().text(), event.entry().actor()));
    }
    return histories;
  }

  private static AuditSubject subject(Duplicate duplicate) {
    return new AuditSubject("duplicate", String.valueOf(duplicate.id()));
  }

  public Instant changedAt(Duplicate duplicate) {
    return jdbc.sql("select changed_at from duplicate where id = ?")
        .param(duplicate.id())
        .query((rs, i) -> rs.getTimestamp("changed_at").toInstant())
        .single();
  }

  public long count(State state) {
    return Objects.requireNonNull(
        jdbc.sql("select count(*) from duplicate where state = ?")
            .param(state.name())
            .query(Long.class)
            .single());
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }
}
