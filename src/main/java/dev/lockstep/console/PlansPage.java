package dev.lockstep.console;

import dev.lockstep.backfill.Backfills;
import dev.lockstep.dryrun.ChangePlan.SystemSummary;
import dev.lockstep.dryrun.SavedPlan;
import dev.lockstep.dryrun.SavedPlans;
import java.util.List;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** What the service would write: plans that are made or being made, and each one like a diff. */
@Controller
class PlansPage {
  static final String PATH = "/plans";

  private static final int PAGE = 50;
  private static final int MOST_OTHERS = 100;

  private final SavedPlans plans;
  private final Backfills backfills;
  private final RunForms forms;

  PlansPage(SavedPlans plans, Backfills backfills, RunForms forms) {
    this.plans = plans;
    this.backfills = backfills;
    this.forms = forms;
  }

  @GetMapping(PATH)
  String list(Model model) {
    List<SavedPlan> latest = plans.latest();
    model.addAttribute("plans", latest);
    model.addAttribute(
        "isRunning", latest.stream().anyMatch(plan -> plan.state().equals("RUNNING")));
    forms.addTo(model);
    return "plans";
  }

  /**
   * @param after the position on the page before; 0 for the first
   */
  @GetMapping(PATH + "/{id:\\d{1,18}}")
  String plan(
      @PathVariable("id") long id,
      @RequestParam(name = "system", defaultValue = "") String system,
      @RequestParam(name = "operation", defaultValue = "") String operation,
      @RequestParam(name = "after", defaultValue = "0") int after,
      Model model) {
    SavedPlan plan = find(plans, id);
    List<SavedPlans.Line> lines = plans.records(id, system, operation, after, PAGE + 1);
    boolean hasMore = lines.size() > PAGE;
    model.addAttribute("plan", plan);
    model.addAttribute("lines", hasMore ? lines.subList(0, PAGE) : lines);
    model.addAttribute("next", hasMore ? lines.get(PAGE - 1).position() : null);
    model.addAttribute("isFirst", after == 0);
    model.addAttribute("system", system);
    model.addAttribute("operation", operation);
    model.addAttribute("most", MOST_OTHERS);
    model.addAttribute("writing", plan.summary() == null ? List.of() : called(plan));
    model.addAttribute(
        "run", plan.backfill() == null ? null : backfills.find(plan.backfill()).orElse(null));
    return "plan";
  }

  static SavedPlan find(SavedPlans plans, long id) {
    return plans
        .find(id)
        .orElseThrow(
            () ->
                new ResponseStatusException(
                    HttpStatus.NOT_FOUND,
                    "There is no plan %d; the newest are kept, and it may have been deleted."
                        .formatted(id)));
  }

  /** The systems that it reads from or would write to. */
  static List<SystemSummary> called(SavedPlan plan) {
    return Objects.requireNonNull(plan.summary()).systems().stream()
        .filter(system -> system.reads() + system.writes() > 0)
        .toList();
  }
}
