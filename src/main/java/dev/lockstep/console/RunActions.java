package dev.lockstep.console;

import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.backfill.Backfills;
import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.reconcile.Reconciliation.Mode;
import dev.lockstep.reconcile.Reconciliations;
import java.security.Principal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Starts a reconciliation; starts and stops a backfill. */
@Controller
@RequestMapping(MaintenancePage.PATH)
class RunActions {
  private static final String BACK = "redirect:" + MaintenancePage.PATH;

  private final Reconciliations reconciliations;
  private final Backfills backfills;
  private final Display display;
  private final Clock clock;

  RunActions(Reconciliations reconciliations, Backfills backfills, Display display, Clock clock) {
    this.clock = clock;
    this.reconciliations = reconciliations;
    this.backfills = backfills;
    this.display = display;
  }

  @GetMapping("/reconciliation/{mode:repair|report}")
  String confirmReconciliation(@PathVariable("mode") String mode, Model model) {
    boolean repairs = mode.equals("repair");
    ask(
        model,
        repairs ? "Compare all records and repair what differs?" : "Compare all records?",
        List.of(
            "Fetches each record that is kept in sync once, a few a minute beside the live traffic,"
                + " and compares it with what was last processed.",
            repairs
                ? "A record that differs is processed as if a webhook had reported it: its change"
                    + " is written to the other side, or merged with one there."
                : "What differs is listed. Nothing is written to any system.",
            "It runs until all are compared, also after a restart."),
        repairs ? "Start and repair" : "Start and report only",
        Map.of());
    return Confirmation.NAME;
  }

  @PostMapping("/reconciliation/{mode:repair|report}")
  String reconcile(
      @PathVariable("mode") String mode, @Nullable Principal user, RedirectAttributes redirect) {
    Mode what = mode.equals("repair") ? Mode.REPAIR : Mode.REPORT;
    if (reconciliations.start(what, Actor.name(user)).isEmpty()) {
      throw conflict("A reconciliation is running; wait until it has finished.");
    }
    redirect.addFlashAttribute(Confirmation.DONE, "The reconciliation is started.");
    return BACK;
  }

  @GetMapping("/backfill")
  String confirmBackfill(BackfillForm form, Model model) {
    form.start(clock.instant());
    Selection selection = form.selection();
    List<String> effects = new ArrayList<>();
    effects.add("Reads " + form.describe(display) + ".");
    effects.addAll(form.describePolicy());
    effects.add(
        "It goes on a few records a minute, below the live traffic, also after a restart. It can be"
            + " stopped; what it has created stays.");
    effects.add("To see beforehand what it would write: " + form.planCommand());
    ask(
        model,
        selection.system().isEmpty()
            ? "Start this backfill?"
            : "Start this backfill of %s?".formatted(display.system(selection.system())),
        effects,
        "Start the backfill",
        form.given());
    return Confirmation.NAME;
  }

  @PostMapping("/backfill")
  String backfill(BackfillForm form, @Nullable Principal user, RedirectAttributes redirect) {
    Optional<Backfills.Progress> started;
    try {
      started =
          backfills.start(
              form.start(clock.instant()), form.selection(), form.policy(), Actor.name(user));
    } catch (Backfills.RefusedException e) {
      throw BackfillForm.wrong(e.getMessage() + ".", e);
    }
    if (started.isEmpty()) {
      throw conflict("A backfill is running; wait until it has finished, or stop it.");
    }
    redirect.addFlashAttribute(Confirmation.DONE, "The backfill is started.");
    return BACK;
  }

  @GetMapping("/backfill/stop")
  String confirmStop(Model model) {
    Backfills.Progress running =
        backfills
            .findLatest()
            .filter(progress -> progress.run().finishedAt() == null)
            .orElseThrow(RunActions::notRunning);
    ask(
        model,
        "Stop the backfill?",
        List.of(
            "No further record is read or passed on.",
            "What it has started stays in sync; %d records that were passed on are still processed."
                .formatted(running.pending()),
            "A later backfill passes over what is in sync already."),
        "Stop the backfill",
        Map.of());
    return Confirmation.NAME;
  }

  @PostMapping("/backfill/stop")
  String stop(@Nullable Principal user, RedirectAttributes redirect) {
    if (backfills.stop(Actor.name(user)).isEmpty()) {
      throw notRunning();
    }
    redirect.addFlashAttribute(Confirmation.DONE, "The backfill is stopped.");
    return BACK;
  }

  private static ResponseStatusException notRunning() {
    return conflict("No backfill is running.");
  }

  private static ResponseStatusException conflict(String text) {
    return new ResponseStatusException(HttpStatus.CONFLICT, text);
  }

  private static void ask(
      Model model,
      String title,
      List<String> effects,
      String submit,
      Map<String, String> parameters) {
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(title, effects, submit, Reason.NONE, parameters, MaintenancePage.PATH));
  }
}
