package dev.lockstep.console;

import dev.lockstep.backfill.Backfills;
import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.dryrun.ChangePlan.SystemSummary;
import dev.lockstep.dryrun.SavedPlan;
import dev.lockstep.dryrun.SavedPlans;
import java.security.Principal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Starts and stops planning; has a plan carried out; deletes one. */
@Controller
@RequestMapping(PlansPage.PATH)
class PlanActions {
  private static final String BACK = "redirect:" + PlansPage.PATH;
  private static final int MOST = 10_000;

  /** Of reading a record with its notes and references, and searching its counterpart. */
  private static final int CALLS_EACH = 6;

  private final SavedPlans plans;
  private final Backfills backfills;
  private final Display display;
  private final Clock clock;

  PlanActions(SavedPlans plans, Backfills backfills, Display display, Clock clock) {
    this.plans = plans;
    this.backfills = backfills;
    this.display = display;
    this.clock = clock;
  }

  private SavedPlan.Request request(BackfillForm form, int most) {
    if (most < 1 || most > MOST) {
      throw BackfillForm.wrong("most: write a number from 1 to " + MOST + ".", null);
    }
    LocalDate since = form.day().orElse(null);
    if (since != null && since.isAfter(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))) {
      throw BackfillForm.wrong("since: write a day that has begun, or a query.", null);
    }
    var selection = form.selection();
    if (!selection.query().isEmpty() && selection.system().isEmpty()) {
      throw BackfillForm.wrong("system: choose whose query it is.", null);
    }
    return new SavedPlan.Request(
        since, selection.system(), selection.kind(), selection.query(), most, form.policy());
  }

  @GetMapping("/start")
  String confirmStart(
      BackfillForm form,
      @RequestParam(name = "most", defaultValue = "1000") int most,
      Model model) {
    SavedPlan.Request request = request(form, most);
    List<String> effects = new ArrayList<>();
    effects.add(
        "Reads %s, at most %s of them. Nothing is written to any system."
            .formatted(form.describe(display), display.number(most)));
    effects.add(
        "It costs calls to the systems: about %d for each record, so up to %s, within the limits of each system and beside those of the live traffic. The plan then says how many it took."
            .formatted(CALLS_EACH, display.number((long) CALLS_EACH * request.most())));
    effects.add(
        "It runs in a process of its own, which needs about as much memory as Lockstep itself. It"
            + " can be stopped.");
    effects.add("The plan shows what a backfill of the same records would do:");
    effects.addAll(form.describePolicy());
    Map<String, String> parameters = new LinkedHashMap<>(form.given());
    parameters.put("most", String.valueOf(most));
    ask(model, "Make this plan?", effects, "Make the plan", parameters, PlansPage.PATH);
    return Confirmation.NAME;
  }

  @PostMapping("/start")
  String start(
      BackfillForm form,
      @RequestParam(name = "most", defaultValue = "1000") int most,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    SavedPlan plan =
        plans
            .start(request(form, most), Actor.name(user))
            .orElseThrow(
                () -> conflict("Another plan is being made; wait until it is, or stop it."));
    return done(redirect, "The plan is being made.", plan.id());
  }

  @GetMapping("/stop")
  String confirmStop(Model model) {
    SavedPlan running =
        plans.latest().stream()
            .filter(plan -> plan.finishedAt() == null)
            .findFirst()
            .orElseThrow(PlanActions::notRunning);
    ask(
        model,
        "Stop planning?",
        List.of("What it has read so far is dropped. Nothing was written to any system."),
        "Stop planning",
        Map.of(),
        address(running.id()));
    return Confirmation.NAME;
  }

  @PostMapping("/stop")
  String stop(@Nullable Principal user, RedirectAttributes redirect) {
    if (!plans.stop(Actor.name(user))) {
      throw notRunning();
    }
    redirect.addFlashAttribute(Confirmation.DONE, "Planning is stopped.");
    return BACK;
  }

  @GetMapping("/{id:\\d{1,18}}/apply")
  String confirmApply(@PathVariable("id") long id, Model model) {
    SavedPlan plan = find(id, SavedPlan::isToApply, "to carry out");
    List<String> effects = new ArrayList<>();
    PlansPage.called(plan).stream()
        .filter(system -> system.writes() > 0)
        .map(PlanActions::describe)
        .forEach(effects::add);
    effects.add(
        "Each record is first compared with the plan. One that was changed or deleted since %s is not written to, with all that depend on it, and is listed."
            .formatted(display.utc(plan.startedAt())));
    effects.add(
        "It goes on a few records a minute, below the live traffic, also after a restart. It can be"
            + " stopped on the page Maintenance; what it has created stays.");
    ask(
        model,
        "Write what plan %d shows?".formatted(id),
        effects,
        "Write it",
        Map.of(),
        address(id));
    return Confirmation.NAME;
  }

  private static String describe(SystemSummary system) {
    return "%s: creates %d, updates %d, adds %d notes and %d links, with %d writing calls."
        .formatted(
            system.title(),
            system.creates(),
            system.updates(),
            system.notes(),
            system.links(),
            system.writes());
  }

  @PostMapping("/{id:\\d{1,18}}/apply")
  String apply(@PathVariable("id") long id, @Nullable Principal user, RedirectAttributes redirect) {
    SavedPlan plan = find(id, SavedPlan::isToApply, "to carry out");
    String by = Actor.name(user);
    try {
      boolean isStarted =
          plans
              .apply(
                  plan,
                  by,
                  document -> backfills.apply(document, by).map(started -> started.run().id()))
              .isPresent();
      if (!isStarted) {
        throw conflict("A backfill is running; wait until it has finished, or stop it.");
      }
    } catch (Backfills.RefusedException e) {
      throw conflict(e.getMessage() + ".");
    }
    return done(redirect, "The plan is being carried out.", id);
  }

  @GetMapping("/{id:\\d{1,18}}/delete")
  String confirmDelete(@PathVariable("id") long id, Model model) {
    find(id, plan -> plan.finishedAt() != null, "that can be deleted while it is made");
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(
            "Delete plan %d?".formatted(id),
            List.of(
                "The plan is deleted, with the values and notes it shows. Nothing else changes: no"
                    + " system is called, and what was carried out stays."),
            "Delete it",
            true,
            Reason.NONE,
            Map.of(),
            Map.of(),
            address(id)));
    return Confirmation.NAME;
  }

  @PostMapping("/{id:\\d{1,18}}/delete")
  String delete(
      @PathVariable("id") long id, @Nullable Principal user, RedirectAttributes redirect) {
    if (!plans.delete(id, Actor.name(user))) {
      throw conflict("There is no such plan, or it is being made.");
    }
    redirect.addFlashAttribute(Confirmation.DONE, "Plan %d is deleted.".formatted(id));
    return BACK;
  }

  private SavedPlan find(long id, Predicate<SavedPlan> fits, String purpose) {
    SavedPlan plan = PlansPage.find(plans, id);
    if (!fits.test(plan)) {
      throw conflict("Plan %d has nothing %s; its page says why.".formatted(id, purpose));
    }
    return plan;
  }

  private static String address(long id) {
    return PlansPage.PATH + "/" + id;
  }

  private static String done(RedirectAttributes redirect, String text, long id) {
    redirect.addFlashAttribute(Confirmation.DONE, text);
    return "redirect:" + address(id);
  }

  private static ResponseStatusException notRunning() {
    return conflict("No plan is being made.");
  }

  private static ResponseStatusException conflict(String text) {
    return new ResponseStatusException(HttpStatus.CONFLICT, text);
  }

  private static void ask(
      Model model,
      String title,
      List<String> effects,
      String submit,
      Map<String, String> parameters,
      String back) {
    model.addAttribute(
        Confirmation.NAME, new Confirmation(title, effects, submit, Reason.NONE, parameters, back));
  }
}
