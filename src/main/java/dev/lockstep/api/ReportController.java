package dev.lockstep.api;

import dev.lockstep.trace.ActionReports;
import dev.lockstep.trace.ActionReports.Filter;
import dev.lockstep.trace.Csv;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Report of action items that need attention; documented in {@code docs/api.md}. */
@RestController
class ReportController {
  private final ActionReports reports;

  ReportController(ActionReports reports) {
    this.reports = reports;
  }

  @GetMapping("/api/report/actions")
  ResponseEntity<Object> actions(
      @RequestParam(name = "service", defaultValue = "") String service,
      @RequestParam(name = "owner", defaultValue = "") String owner,
      @RequestParam(name = "overdue", defaultValue = "false") boolean overdue,
      @RequestHeader(name = "Accept", defaultValue = "") String accept) {
    return CsvResponses.respond(
        accept, reports.report(new Filter(service.strip(), owner.strip(), overdue)), Csv::toCsv);
  }
}
