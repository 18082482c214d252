package dev.lockstep.trace.report;

import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Each report is one query. */
@Component
class FollowUpReportQueries implements FollowUpReports {
  /** Reads on in the order of an index, until the page is full. */
  static final String CLOSED =
      "with "
          + IncidentReportQueries.DUPLICATES
          + """
          resolved as (
            select *, coalesce(resolved_at, changed_at) as closed_at from incident
            where stage = 'RESOLVED'
              and coalesce(resolved_at, changed_at) >= :since
              and coalesce(resolved_at, changed_at) < :until
              and (coalesce(resolved_at, changed_at), record) < (:at, :after)
              and (:level = '' or level = :level)
              and record not in (select ref from duplicates))
          select resolved.*, own.key, own.state -> 'values' -> mapping ->> 'title' as title,
            followed.*
          from resolved join record own on own.ref = resolved.record
          cross join lateral (
            with mine as (
              select resolved.record as ref
              union select ref from record where correlation = own.correlation),
            linked as (
              select duplicate as ref from duplicate join mine on primary_ticket = ref
              where state in ('LINKING', 'LINKED', 'UNLINKING')),
            family as (
              select ref from mine union select ref from linked
              union select other.ref from linked join record one on one.ref = linked.ref
                join record other on other.correlation = one.correlation)
            select count(item.id) as items,
              count(item.id) filter (where item.stage not in ('DEPLOYED', 'DONE', 'CANCELLED'))
                as open_items,
              count(item.id) filter (
                where item.counterpart is not null or item.earlier <> '[]') as changes,
              coalesce((select name from postmortem where incident in (select ref from family)
                order by id limit 1), '') as postmortem
            from family left join action_item item on item.incident = family.ref) followed
          where followed.changes = 0
          order by closed_at desc, record desc limit :limit
          """;

  private static final String RECURRING =
      "with "
          + IncidentReportQueries.DUPLICATES
          + """
          opened as (
            select lower(service) as name, service, coalesce(opened_at, seen_at) as at
            from incident
            where coalesce(opened_at, seen_at) >= :since and coalesce(opened_at, seen_at) < :until
              and service <> '' and record not in (select ref from duplicates)),
          counted as (
            select *, count(*) over (partition by name order by at
              range between current row and make_interval(secs => :seconds) following) as following
            from opened)
          select min(service) as service, count(*) as incidents, max(following) as most,
            (array_agg(at order by following desc, at))[1] as since, max(at) as last
          from counted group by name having max(following) >= :least
          order by most desc, incidents desc, service limit :limit
          """;

  private static final String OUTAGES =
      """
      with outage as (
        select ticket.record, ticket.seen_record, title, service, opened_at, count(*) as duplicates
        from duplicate join ticket on ticket.record = primary_ticket
        where state in ('LINKING', 'LINKED') and opened_at >= :since and opened_at < :until
        group by ticket.record)
      select outage.*, coalesce(key, outage.record) as key,
        count(*) over () as outages, sum(duplicates) over () as all_duplicates
      from outage left join record on ref = seen_record
      order by duplicates desc, opened_at desc, outage.record limit :limit
      """;

  private final JdbcClient jdbc;

  FollowUpReportQueries(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<ClosedIncident> closedWithoutChange(
      Period closed, String level, @Nullable ClosedIncident after, int limit) {
    Map<String, Object> parameters = parameters(closed, limit);
    parameters.put("level", level);
    parameters.put("at", Timestamp.from(after == null ? closed.until() : after.closedAt()));
    parameters.put("after", after == null ? "" : after.record());
    return jdbc.sql(CLOSED)
        .params(parameters)
        .query(
            (rs, i) ->
                new ClosedIncident(
                    rs.getString("record"),
                    rs.getString("key"),
                    text(rs.getString("title")),
                    rs.getString("level"),
                    rs.getString("service"),
                    rs.getTimestamp("closed_at").toInstant(),
                    rs.getString("postmortem"),
                    rs.getInt("items"),
                    rs.getInt("open_items")))
        .list();
  }

  @Override
  public List<RecurringService> recurringServices(
      Period opened, int least, Duration within, int limit) {
    Map<String, Object> parameters = parameters(opened, limit);
    parameters.put("least", least);
    parameters.put("seconds", within.toSeconds());
    return jdbc.sql(RECURRING)
        .params(parameters)
        .query(
            (rs, i) ->
                new RecurringService(
                    rs.getString("service"),
                    rs.getLong("incidents"),
                    rs.getLong("most"),
                    rs.getTimestamp("since").toInstant(),
                    rs.getTimestamp("last").toInstant()))
        .list();
  }

  @Override
  public Outages outages(Period opened, int limit) {
    List<Outage> largest = new ArrayList<>();
    long[] totals = new long[2];
    jdbc.sql(OUTAGES)
        .params(parameters(opened, limit))
        .query(
            rs -> {
              totals[0] = rs.getLong("outages");
              totals[1] = rs.getLong("all_duplicates");
              largest.add(
                  new Outage(
                      rs.getString("key"),
                      rs.getString("title"),
                      rs.getString("service"),
                      rs.getTimestamp("opened_at").toInstant(),
                      rs.getLong("duplicates")));
            });
    return new Outages(
        totals[0],
        totals[1],
        totals[0] == 0 ? null : (double) totals[1] / totals[0],
        List.copyOf(largest));
  }

  private static Map<String, Object> parameters(Period period, int limit) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("since", Timestamp.from(period.since()));
    parameters.put("until", Timestamp.from(period.until()));
    parameters.put("limit", limit);
    return parameters;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
