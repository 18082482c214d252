package dev.lockstep.trace.report;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.field.Condition;
import dev.lockstep.poll.SystemClocks;
import dev.lockstep.poll.SystemClocks.Span;
import dev.lockstep.sync.MappingCatalog;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Aggregates the table {@code incident}. */
@Component
class IncidentReportQueries implements IncidentReports {
  /** How far a system's clock was ahead at a time that it dated. */
  private static final String AHEAD =
      """
      coalesce((select ahead from spans
        where spans.system = split_part(%1$s, '/', 1) and %2$s >= starts and %2$s < ends
        limit 1), interval '0')
      """;

  /** The records of tickets that are linked to a primary. */
  static final String DUPLICATES =
      """
      duplicates as materialized (
        select duplicate as ref from duplicate where duplicate.state in ('LINKING', 'LINKED', 'UNLINKING')
        union
        select other.ref from duplicate
          join record own on own.ref = duplicate.duplicate
          join record other on other.correlation = own.correlation
          where duplicate.state in ('LINKING', 'LINKED', 'UNLINKING')),
      """;

  /** Those of a period without duplicates, which follow their primary. */
  private static final String CHOSEN =
      """
      with spans as materialized (
        select system, starts, ends, ahead_ms * interval '1 millisecond' as ahead
        from unnest(:systems::text[], cast(:starts::text[] as timestamptz[]),
            cast(:ends::text[] as timestamptz[]), :ahead::bigint[])
          as s(system, starts, ends, ahead_ms)),
      """
          + DUPLICATES
          + """
          chosen as (
            select record, level, service, team, stage, reopened,
              coalesce(opened_at, seen_at) as began,
              opened_at - %s as opened, acknowledged_at - %s as acknowledged,
              case when mapping <> all(:unmitigated) then mitigated_at - %s end as mitigated,
              resolved_at - %s as resolved
            from incident
            where coalesce(opened_at, seen_at) >= :since and coalesce(opened_at, seen_at) < :until
              and record not in (select ref from duplicates)),
          """
              .formatted(
                  ahead("record", "opened_at"),
                  ahead("record", "acknowledged_at"),
                  ahead("record", "mitigated_at"),
                  ahead("record", "resolved_at"));

  /** The first note that Lockstep did not write: a public one, or one that has an author. */
  private static final String TIMES =
      """
      updated as (
        select chosen.record, min(note.created_at - %1$s) as at
        from chosen join record own on own.ref = chosen.record
          join record other on other.correlation = own.correlation
          join note on note.record = other.ref
        where not note.own and note.state <> 'ECHO'
          and (note.visibility = 'PUBLIC' or note.author <> '')
          and note.created_at - %1$s > chosen.opened
        group by chosen.record),
      informed as (
        select record, count(*) as sent, count(due_at) as due, count(*) filter (where late) as late
        from incident_update where record in (select record from chosen) group by record),
      awaited as (
        select record, count(*) as overdue from cadence
        where due_at < :now and record in (select record from chosen) group by record),
      times as (
        select chosen.*, updated.at as updated, sent, due, late, overdue,
          extract(epoch from acknowledged - opened) as acknowledge,
          extract(epoch from updated.at - opened) as update,
          extract(epoch from mitigated - opened) as mitigate,
          extract(epoch from resolved - opened) as resolve
        from chosen left join updated using (record) left join informed using (record)
          left join awaited using (record))
      """
          .formatted(ahead("note.record", "note.created_at"));

  private static final String AGGREGATES =
      """
      select grouping(%1$s) as is_total, min(%2$s) as name, count(*) as incidents,
        count(*) filter (where stage <> 'RESOLVED') as open,
        count(*) filter (where reopened > 0) as reopened,
        sum(sent) as sent, sum(due) as due, sum(late) as late, sum(overdue) as overdue,
        %3$s
      from times group by grouping sets ((%1$s), ())
      """;

  /** A time before the opening is no time: the opening was corrected, or a clock set. */
  private static final String TIME =
      """
      count(*) filter (where %1$s >= 0) as %1$s_count,
      count(*) filter (where %2$s and (%1$s is null or %1$s < 0)) as %1$s_unknown,
      count(*) filter (where not %2$s and (%1$s is null or %1$s < 0)) as %1$s_pending,
      avg(%1$s) filter (where %1$s >= 0) as %1$s_mean,
      percentile_cont(array[0.5, 0.9]) within group (order by %1$s)
        filter (where %1$s >= 0) as %1$s_percentiles
      """;

  private final JdbcClient jdbc;
  private final SystemClocks clocks;
  private final MappingCatalog mappings;
  private final Clock clock;

  IncidentReportQueries(
      JdbcClient jdbc, SystemClocks clocks, MappingCatalog mappings, Clock clock) {
    this.jdbc = jdbc;
    this.clocks = clocks;
    this.mappings = mappings;
    this.clock = clock;
  }

  private static String ahead(String record, String at) {
    return AHEAD.formatted(record, at).strip();
  }

  static String statement(GroupBy by) {
    String times =
        String.join(
            ",\n",
            time("acknowledge", "(acknowledged is not null or stage <> 'OPEN')"),
            time("update", "(updated is not null or opened is null)"),
            time("mitigate", "(mitigated is not null or stage in ('MITIGATED', 'RESOLVED'))"),
            time("resolve", "stage = 'RESOLVED'"));
    return CHOSEN
        + TIMES
        + switch (by) {
          case SERVICE -> AGGREGATES.formatted("lower(service)", "service", times);
          case LEVEL -> AGGREGATES.formatted("level", "level", times);
          case TEAM -> AGGREGATES.formatted("lower(team)", "team", times);
          case MONTH -> AGGREGATES.formatted(month(), month(), times);
        };
  }

  private static String month() {
    return "to_char(began at time zone 'UTC', 'YYYY-MM')";
  }

  private static String time(String name, String reached) {
    return TIME.formatted(name, reached);
  }

  @Override
  public Report report(Period opened, GroupBy by) {
    List<Group> groups = new ArrayList<>();
    List<Group> total = new ArrayList<>();
    jdbc.sql(
            statement(by)
                + (by == GroupBy.MONTH ? "order by name" : "order by incidents desc, name"))
        .params(parameters(opened))
        .query(
            rs -> {
              (rs.getInt("is_total") == 1 ? total : groups).add(group(rs));
            });
    int shown = Math.min(MOST_GROUPS, groups.size());
    return new Report(
        opened,
        by,
        total.get(0).named(""),
        List.copyOf(groups.subList(0, shown)),
        groups.size() - shown);
  }

  Map<String, Object> parameters(Period opened) {
    List<Span> ahead =
        clocks.spans().all().stream().filter(span -> !span.ahead().isZero()).toList();
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("since", Timestamp.from(opened.since()));
    parameters.put("until", Timestamp.from(opened.until()));
    parameters.put("systems", ahead.stream().map(Span::system).toArray(String[]::new));
    parameters.put(
        "starts", ahead.stream().map(span -> span.from().toString()).toArray(String[]::new));
    parameters.put(
        "ends", ahead.stream().map(span -> span.until().toString()).toArray(String[]::new));
    parameters.put(
        "ahead", ahead.stream().map(span -> span.ahead().toMillis()).toArray(Long[]::new));
    parameters.put("now", Timestamp.from(clock.instant()));
    parameters.put("unmitigated", withoutMitigation());
    return parameters;
  }

  /** Mappings that do not say when an incident is mitigated. */
  private String[] withoutMitigation() {
    return mappings.all().stream()
        .filter(
            mapping ->
                mapping
                    .incident()
                    .filter(rule -> rule.mitigated() instanceof Condition.Never)
                    .isPresent())
        .map(Mapping::name)
        .toArray(String[]::new);
  }

  private static Group group(ResultSet rs) throws SQLException {
    String name = rs.getString("name");
    return new Group(
        name == null ? "" : name,
        rs.getLong("incidents"),
        rs.getLong("open"),
        rs.getLong("reopened"),
        times(rs, "acknowledge"),
        times(rs, "update"),
        times(rs, "mitigate"),
        times(rs, "resolve"),
        new Updates(
            rs.getLong("sent"), rs.getLong("due"), rs.getLong("late"), rs.getLong("overdue")));
  }

  private static Times times(ResultSet rs, String name) throws SQLException {
    Array percentiles = rs.getArray(name + "_percentiles");
    Double[] values = percentiles == null ? new Double[2] : (Double[]) percentiles.getArray();
    return new Times(
        rs.getLong(name + "_count"),
        rs.getLong(name + "_unknown"),
        rs.getLong(name + "_pending"),
        number(rs, name + "_mean"),
        values[0],
        values[1]);
  }

  private static @Nullable Double number(ResultSet rs, String column) throws SQLException {
    double value = rs.getDouble(column);
    return rs.wasNull() ? null : value;
  }
}
