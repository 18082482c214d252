package dev.lockstep.api;

import dev.lockstep.trace.report.FollowUpReports;
import dev.lockstep.trace.report.FollowUpReports.ClosedIncident;
import dev.lockstep.trace.report.FollowUpReports.RecurringService;
import dev.lockstep.trace.report.IncidentReports;
import dev.lockstep.trace.report.IncidentReports.GroupBy;
import dev.lockstep.trace.report.Period;
import dev.lockstep.trace.report.ReportCsv;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reports of many incidents; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/report")
class IncidentReportController {
  private static final int MOST_DAYS = 3660;

  private final IncidentReports incidents;
  private final FollowUpReports followUps;
  private final Clock clock;

  IncidentReportController(IncidentReports incidents, FollowUpReports followUps, Clock clock) {
    this.incidents = incidents;
    this.followUps = followUps;
    this.clock = clock;
  }

  @GetMapping("/incidents")
  ResponseEntity<Object> incidents(
      @RequestParam(name = "since", defaultValue = "") String since,
      @RequestParam(name = "until", defaultValue = "") String until,
      @RequestParam(name = "by", defaultValue = "service") String by,
      @RequestHeader(name = "Accept", defaultValue = "") String accept) {
    return CsvResponses.respond(
        accept, incidents.report(period(since, until), groupBy(by)), ReportCsv::toCsv);
  }

  record Closed(Period period, List<ClosedIncident> incidents) {}

  @GetMapping("/closed")
  ResponseEntity<Object> closed(
      @RequestParam(name = "since", defaultValue = "") String since,
      @RequestParam(name = "until", defaultValue = "") String until,
      @RequestParam(name = "level", defaultValue = "") String level,
      @RequestParam(name = "limit", defaultValue = "100") int limit,
      @RequestHeader(name = "Accept", defaultValue = "") String accept) {
    Period closed = period(since, until);
    return CsvResponses.respond(
        accept,
        new Closed(
            closed,
            followUps.closedWithoutChange(
                closed,
                level.strip(),
                null,
                DecisionParameters.limit(limit, FollowUpReports.MAX_LIMIT))),
        answer -> ReportCsv.closedToCsv(answer.incidents()));
  }

  record Recurrence(Period period, int least, int days, List<RecurringService> services) {}

  @GetMapping("/recurrence")
  ResponseEntity<Object> recurrence(
      @RequestParam(name = "since", defaultValue = "") String since,
      @RequestParam(name = "until", defaultValue = "") String until,
      @RequestParam(name = "least", defaultValue = "3") int least,
      @RequestParam(name = "days", defaultValue = "7") int days,
      @RequestParam(name = "limit", defaultValue = "100") int limit,
      @RequestHeader(name = "Accept", defaultValue = "") String accept) {
    if (least < 2) {
      throw DecisionParameters.badRequest("least: " + least + " is less than 2");
    }
    if (days < 1 || days > MOST_DAYS) {
      throw DecisionParameters.badRequest("days: " + days + " is not between 1 and " + MOST_DAYS);
    }
    Period opened = period(since, until);
    return CsvResponses.respond(
        accept,
        new Recurrence(
            opened,
            least,
            days,
            followUps.recurringServices(
                opened,
                least,
                Duration.ofDays(days),
                DecisionParameters.limit(limit, FollowUpReports.MAX_LIMIT))),
        answer -> ReportCsv.recurrenceToCsv(answer.services()));
  }

  @GetMapping("/duplicates")
  ResponseEntity<Object> duplicates(
      @RequestParam(name = "since", defaultValue = "") String since,
      @RequestParam(name = "until", defaultValue = "") String until,
      @RequestParam(name = "limit", defaultValue = "100") int limit,
      @RequestHeader(name = "Accept", defaultValue = "") String accept) {
    return CsvResponses.respond(
        accept,
        followUps.outages(
            period(since, until), DecisionParameters.limit(limit, FollowUpReports.MAX_LIMIT)),
        ReportCsv::outagesToCsv);
  }

  private Period period(String since, String until) {
    try {
      return Period.parse(since, until, clock);
    } catch (IllegalArgumentException e) {
      throw DecisionParameters.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static GroupBy groupBy(String by) {
    return switch (by) {
      case "service" -> GroupBy.SERVICE;
      case "level" -> GroupBy.LEVEL;
      case "team" -> GroupBy.TEAM;
      case "month" -> GroupBy.MONTH;
      default -> throw DecisionParameters.badRequest("by: use service, level, team or month");
    };
  }
}
