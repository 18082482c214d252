package dev.lockstep.trace.report;

import dev.lockstep.trace.Csv;
import dev.lockstep.trace.report.FollowUpReports.ClosedIncident;
import dev.lockstep.trace.report.FollowUpReports.Outages;
import dev.lockstep.trace.report.FollowUpReports.RecurringService;
import dev.lockstep.trace.report.IncidentReports.Group;
import dev.lockstep.trace.report.IncidentReports.Report;
import dev.lockstep.trace.report.IncidentReports.Times;
import dev.lockstep.trace.report.IncidentReports.Updates;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports as comma-separated values; formulas are neutralized as in all exports. */
public final class ReportCsv {
  private ReportCsv() {}

  /** One line for each group, times in seconds; the last line is the total. */
  public static String toCsv(Report report) {
    List<String> headings = new ArrayList<>(List.of("group", "incidents", "open", "reopened"));
    for (String time : List.of("acknowledge", "update", "mitigate", "resolve")) {
      for (String figure : List.of("count", "unknown", "pending", "mean", "median", "p90")) {
        headings.add(time + " " + figure);
      }
    }
    headings.addAll(List.of("updates sent", "updates due", "updates late", "updates overdue"));
    List<List<Object>> lines = new ArrayList<>();
    report.groups().forEach(group -> lines.add(line(group.name(), group)));
    lines.add(line("total", report.total()));
    return Csv.toCsv(headings, lines);
  }

  private static List<Object> line(String name, Group group) {
    List<Object> cells =
        new ArrayList<>(List.of(name, group.incidents(), group.open(), group.reopened()));
    for (Times times :
        List.of(group.acknowledge(), group.update(), group.mitigate(), group.resolve())) {
      cells.addAll(List.of(times.count(), times.unknown(), times.pending()));
      cells.addAll(List.of(seconds(times.mean()), seconds(times.median()), seconds(times.p90())));
    }
    Updates updates = group.updates();
    cells.addAll(List.of(updates.sent(), updates.due(), updates.late(), updates.overdue()));
    return cells;
  }

  private static Object seconds(@Nullable Double value) {
    return value == null ? "" : Math.round(value);
  }

  public static String recurrenceToCsv(List<RecurringService> services) {
    return Csv.toCsv(
        List.of("service", "incidents", "most at once", "from", "last"),
        services.stream()
            .map(
                each ->
                    List.<Object>of(
                        each.service(), each.incidents(), each.most(), each.from(), each.last()))
            .toList());
  }

  public static String outagesToCsv(Outages outages) {
    return Csv.toCsv(
        List.of("incident", "title", "service", "opened", "duplicates"),
        outages.largest().stream()
            .map(
                each ->
                    List.<Object>of(
                        each.key(),
                        each.title(),
                        each.service(),
                        each.openedAt(),
                        each.duplicates()))
            .toList());
  }

  public static String closedToCsv(List<ClosedIncident> incidents) {
    return Csv.toCsv(
        List.of(
            "closed", "incident", "title", "level", "service", "postmortem", "items", "open items"),
        incidents.stream()
            .map(
                each ->
                    List.<Object>of(
                        each.closedAt(),
                        each.key(),
                        each.title(),
                        each.level(),
                        each.service(),
                        each.postmortem(),
                        each.items(),
                        each.openItems()))
            .toList());
  }
}
