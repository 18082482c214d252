package dev.lockstep.console;

import dev.lockstep.trace.report.FollowUpReports;
import dev.lockstep.trace.report.IncidentReports;
import dev.lockstep.trace.report.IncidentReports.Group;
import dev.lockstep.trace.report.IncidentReports.GroupBy;
import dev.lockstep.trace.report.IncidentReports.Report;
import dev.lockstep.trace.report.Period;
import dev.lockstep.trace.report.ReportCsv;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/**
 * How long incidents took, and what became of them; {@code docs/metrics.md} defines the figures.
 */
@Controller
class ReportsPage {
  private static final int SHOWN = 10;
  private static final int MONTHS = 12;

  /** A service with so many incidents within a week is shown as one with recurring incidents. */
  private static final int RECURRING = 3;

  private static final Duration WEEK = Duration.ofDays(7);

  private final IncidentReports incidents;
  private final FollowUpReports followUps;
  private final Display display;
  private final Clock clock;

  ReportsPage(IncidentReports incidents, FollowUpReports followUps, Display display, Clock clock) {
    this.incidents = incidents;
    this.followUps = followUps;
    this.display = display;
    this.clock = clock;
  }

  /**
   * The filter as it is typed.
   *
   * @param since as {@link Period} reads it; {@code until} too
   */
  record Query(String since, String until, GroupBy by) {}

  @GetMapping("/reports")
  String page(
      @RequestParam(name = "since", defaultValue = "") String since,
      @RequestParam(name = "until", defaultValue = "") String until,
      @RequestParam(name = "by", defaultValue = "SERVICE") GroupBy by,
      Model model) {
    Period period = period(since, until);
    model.addAttribute("query", new Query(since, until, by));
    model.addAttribute("groupings", GroupBy.values());
    model.addAttribute("report", incidents.report(period, by));
    model.addAttribute("closed", followUps.closedWithoutChange(period, "", null, SHOWN));
    model.addAttribute("recurring", followUps.recurringServices(period, RECURRING, WEEK, SHOWN));
    model.addAttribute("outages", followUps.outages(period, SHOWN));
    addMonths(period, model);
    return "reports";
  }

  /** The last twelve months of the period or before its end, whatever its length. */
  private void addMonths(Period period, Model model) {
    YearMonth last = YearMonth.from(period.until().minusMillis(1).atZone(ZoneOffset.UTC));
    YearMonth first = last.minusMonths(MONTHS - 1);
    Report months =
        incidents.report(
            new Period(
                first.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                last.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant()),
            GroupBy.MONTH);
    Map<String, Group> byMonth = new HashMap<>();
    months.groups().forEach(group -> byMonth.put(group.name(), group));
    List<String> names = new ArrayList<>();
    for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
      names.add(month.toString());
    }
    model.addAttribute(
        "perMonth", bars(names, byMonth, Group::incidents, count -> display.number((long) count)));
    model.addAttribute(
        "resolvedIn", bars(names, byMonth, ReportsPage::medianToResolve, display::measured));
  }

  private static double medianToResolve(Group group) {
    Double median = group.resolve().median();
    return median == null ? 0 : median;
  }

  private static BarChart bars(
      List<String> names,
      Map<String, Group> groups,
      ToDoubleFunction<Group> value,
      DoubleFunction<String> text) {
    return BarChart.draw(
        names,
        name -> {
          Group group = groups.get(name);
          return group == null ? 0 : value.applyAsDouble(group);
        },
        text);
  }

  /** The tables of the page, whole. */
  @GetMapping("/reports/{name}.csv")
  ResponseEntity<String> export(
      @PathVariable("name") String name,
      @RequestParam(name = "since", defaultValue = "") String since,
      @RequestParam(name = "until", defaultValue = "") String until,
      @RequestParam(name = "by", defaultValue = "SERVICE") GroupBy by) {
    Period period = period(since, until);
    int most = FollowUpReports.MAX_LIMIT;
    String csv =
        switch (name) {
          case "incidents" -> ReportCsv.toCsv(incidents.report(period, by));
          case "closed" ->
              ReportCsv.closedToCsv(followUps.closedWithoutChange(period, "", null, most));
          case "recurrence" ->
              ReportCsv.recurrenceToCsv(followUps.recurringServices(period, RECURRING, WEEK, most));
          case "duplicates" -> ReportCsv.outagesToCsv(followUps.outages(period, most));
          default -> throw new ResponseStatusException(HttpStatus.NOT_FOUND, "No such report.");
        };
    return Downloads.csv(name + ".csv", csv);
  }

  private Period period(String since, String until) {
    try {
      return Period.parse(since, until, clock);
    } catch (IllegalArgumentException e) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
    }
  }
}
