package dev.lockstep.problem;

import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables {@code problem} and {@code problem_incident}. */
@Component
class ProblemStore {
  private final JdbcClient jdbc;
  private final Clock clock;

  ProblemStore(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** What became of writing the problem to an incident's record. */
  enum Link {
    WAITING,
    LINKED,
    /** It names another problem already, which is kept. */
    OTHER,
    REFUSED,
    /** The incident has no record in the problem's system, or it was deleted. */
    ABSENT
  }

  /**
   * @param score null for the first
   * @param note why it is not linked; empty if it is, or will be
   */
  record Member(RecordRef incident, long problem, @Nullable Double score, Link link, String note) {}

  /** A problem or proposal that an incident is in. */
  record Known(long id, Problem.State state) {}

  Problem add(String service, String title) {
    Timestamp now = now();
    long id =
        jdbc.sql(
                """
                insert into problem (state, service, title, proposed_at, changed_at)
                values ('PROPOSED', ?, ?, ?, ?) returning id
                """)
            .params(service, title, now, now)
            .query(Long.class)
            .single();
    return find(id).orElseThrow();
  }

  /** Does nothing if the incident is in a problem already. */
  void addMember(long problem, RecordRef incident, @Nullable Double score) {
    jdbc.sql(
            """
            insert into problem_incident (incident, problem, score, added_at) values (?, ?, ?, ?)
            on conflict (incident) do nothing
            """)
        .param(incident.toString())
        .param(problem)
        .param(score)
        .param(now())
        .update();
  }

  Optional<Problem> find(long id) {
    return jdbc.sql("select * from problem where id = ?")
        .param(id)
        .query(ProblemStore::row)
        .optional();
  }

  List<Problem> list(Collection<Problem.State> states, int most) {
    return jdbc.sql(
            "select * from problem where state = any(?) order by changed_at desc, id desc limit ?")
        .params(states.stream().map(Enum::name).toArray(String[]::new), most)
        .query(ProblemStore::row)
        .list();
  }

  List<Problem> findChangedSince(Instant since) {
    return jdbc.sql("select * from problem where changed_at >= ? order by changed_at, id")
        .param(Timestamp.from(since))
        .query(ProblemStore::row)
        .list();
  }

  Optional<Problem> findByCounterpart(String counterpart) {
    return jdbc.sql("select * from problem where counterpart = ?")
        .param(counterpart)
        .query(ProblemStore::row)
        .optional();
  }

  /**
   * @return false if it was decided before
   */
  boolean decide(long id, Problem.State state, String by) {
    return jdbc.sql(
                """
                update problem set state = ?, decided_by = ?, decided_at = ?, changed_at = ?,
                  revision = revision + 1 where id = ? and state = 'PROPOSED'
                """)
            .params(state.name(), by, now(), now(), id)
            .update()
        > 0;
  }

  /** What its record in another system shows; nothing changes if that is known. */
  void saveCounterpart(long id, String counterpart, String key, String state) {
    jdbc.sql(
            """
            update problem set counterpart = ?, counterpart_key = ?, known_state = ?,
              changed_at = ?, revision = revision + 1
            where id = ? and (counterpart, counterpart_key, known_state)
              is distinct from (?, ?, ?)
            """)
        .params(counterpart, key, state, now(), id, counterpart, key, state)
        .update();
  }

  List<Member> members(Collection<Long> problems) {
    return jdbc.sql(
            "select * from problem_incident where problem = any(?) order by added_at, incident")
        .param(problems.toArray(Long[]::new))
        .query(
            (rs, i) ->
                new Member(
                    RecordRef.parse(rs.getString("incident")),
                    rs.getLong("problem"),
                    rs.getObject("score", Double.class),
                    Link.valueOf(rs.getString("link")),
                    rs.getString("note")))
        .list();
  }

  /** The problems or proposals that these incidents are in; others are absent. */
  Map<RecordRef, Known> problemsOf(Collection<RecordRef> incidents) {
    Map<RecordRef, Known> found = new HashMap<>();
    jdbc.sql(
            """
            select incident, problem.id, problem.state from problem_incident
              join problem on problem.id = problem_incident.problem
            where incident = any(?)
            """)
        .param(RecordStore.names(incidents))
        .query(
            rs -> {
              found.put(
                  RecordRef.parse(rs.getString("incident")),
                  new Known(rs.getLong("id"), Problem.State.valueOf(rs.getString("state"))));
            });
    return found;
  }

  /** Accepted problems with a record, some of whose incidents do not name it yet. */
  List<Problem> findToLink() {
    return jdbc.sql(
            """
            select * from problem where state = 'ACCEPTED' and counterpart <> '' and exists (
              select 1 from problem_incident
              where problem_incident.problem = problem.id and link = 'WAITING')
            order by id
            """)
        .query(ProblemStore::row)
        .list();
  }

  void saveLink(RecordRef incident, Link link, String note) {
    jdbc.sql("update problem_incident set link = ?, note = ? where incident = ?")
        .params(link.name(), note, incident.toString())
        .update();
  }

  /** What was refused, or absent, is tried again. */
  void renewLinks(long problem) {
    jdbc.sql(
            """
            update problem_incident set link = 'WAITING', note = ''
            where problem = ? and link in ('REFUSED', 'ABSENT')
            """)
        .param(problem)
        .update();
  }

  /** Incidents of a service that were opened since then, duplicates left out; oldest first. */
  List<RecordRef> findOpenedSince(Instant since) {
    return jdbc
        .sql(
            """
            select record from incident
            where service <> '' and coalesce(opened_at, seen_at) >= ? and not exists (
              select 1 from duplicate join ticket on ticket.record = duplicate.duplicate
              where duplicate.state in ('LINKING', 'LINKED')
                and incident.record in (ticket.record, ticket.seen_record))
            order by coalesce(opened_at, seen_at), record
            """)
        .param(Timestamp.from(since))
        .query(String.class)
        .list()
        .stream()
        .map(RecordRef::parse)
        .toList();
  }

  /** Those of these incidents that have an action item which is neither done nor cancelled. */
  Set<RecordRef> withOpenActionItems(Collection<RecordRef> incidents) {
    return new HashSet<>(
        jdbc
            .sql(
                """
                select mine.ref from record mine where mine.ref = any(?) and exists (
                  select 1 from action_item item left join record own on own.ref = item.incident
                  where (item.incident = mine.ref or own.correlation = mine.correlation)
                    and item.stage not in ('DEPLOYED', 'DONE', 'CANCELLED'))
                """)
            .param(RecordStore.names(incidents))
            .query(String.class)
            .list()
            .stream()
            .map(RecordRef::parse)
            .toList());
  }

  /** By problem, the titles of the open action items of its incidents; without any, absent. */
  Map<Long, List<String>> openActionItems(Collection<Long> problems) {
    Map<Long, List<String>> titles = new HashMap<>();
    jdbc.sql(
            """
            select distinct member.problem, item.id, item.title from action_item item
              left join record own on own.ref = item.incident
              join problem_incident member on member.problem = any(?)
              left join record mine on mine.ref = member.incident
            where (item.incident = member.incident or own.correlation = mine.correlation)
              and item.stage not in ('DEPLOYED', 'DONE', 'CANCELLED')
            order by item.id
            """)
        .param(problems.toArray(Long[]::new))
        .query(
            rs -> {
              titles
                  .computeIfAbsent(rs.getLong("problem"), problem -> new ArrayList<>())
                  .add(rs.getString("title"));
            });
    return titles;
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }

  private static Problem row(ResultSet rs, int index) throws SQLException {
    Timestamp decidedAt = rs.getTimestamp("decided_at");
    return new Problem(
        rs.getLong("id"),
        rs.getLong("revision"),
        Problem.State.valueOf(rs.getString("state")),
        rs.getString("service"),
        rs.getString("title"),
        rs.getString("counterpart"),
        rs.getString("counterpart_key"),
        rs.getString("known_state"),
        rs.getTimestamp("proposed_at").toInstant(),
        decidedAt == null ? null : decidedAt.toInstant(),
        rs.getString("decided_by"),
        rs.getTimestamp("changed_at").toInstant());
  }
}
