package dev.lockstep.trace.report;

import dev.lockstep.trace.Csv;
import dev.lockstep.trace.report.FollowUpReports.ClosedIncident;
import dev.lockstep.trace.report.IncidentReports.Group;
import dev.lockstep.trace.report.IncidentReports.Report;
import dev.lockstep.trace.report.IncidentReports.Times;
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
    return cells;
  }

  private static Object seconds(@Nullable Double value) {
    return value == null ? "" : Math.round(value);
  }

  public static String toCsv(List<ClosedIncident> incidents) {
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
