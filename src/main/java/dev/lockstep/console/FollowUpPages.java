package dev.lockstep.console;

import dev.lockstep.postmortem.PostmortemQueries;
import dev.lockstep.trace.ActionReports;
import dev.lockstep.trace.ActionReports.Filter;
import dev.lockstep.trace.ActionReports.Report;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What was agreed after incidents: action items that need attention, and postmortems. */
@Controller
class FollowUpPages {
  private static final int MOST_POSTMORTEMS = 200;
  private static final int MOST_ITEMS = 500;

  private final ActionReports reports;
  private final PostmortemQueries postmortems;

  FollowUpPages(ActionReports reports, PostmortemQueries postmortems) {
    this.reports = reports;
    this.postmortems = postmortems;
  }

  @GetMapping("/action-items")
  String actionItems(
      @RequestParam(name = "service", defaultValue = "") String service,
      @RequestParam(name = "owner", defaultValue = "") String owner,
      @RequestParam(name = "overdue", defaultValue = "false") boolean overdue,
      Model model) {
    Filter filter = new Filter(service.strip(), owner.strip(), overdue);
    Report report = reports.report(filter);
    model.addAttribute("filter", filter);
    model.addAttribute("report", report);
    model.addAttribute("lines", report.lines().stream().limit(MOST_ITEMS).toList());
    return "action-items";
  }

  @GetMapping("/postmortems")
  String postmortems(Model model) {
    model.addAttribute("overview", postmortems.overview(MOST_POSTMORTEMS));
    model.addAttribute("most", MOST_POSTMORTEMS);
    return "postmortems";
  }
}
