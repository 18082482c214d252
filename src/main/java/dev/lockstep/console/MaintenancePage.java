package dev.lockstep.console;

import dev.lockstep.backfill.Backfills;
import dev.lockstep.pause.Pause;
import dev.lockstep.pause.PauseOperations;
import dev.lockstep.reconcile.Reconciliations;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** Pauses, the reconciliation and backfills: what runs, and the forms that start it. */
@Controller
class MaintenancePage {
  static final String PATH = "/maintenance";

  private static final int MOST_DRIFT = 100;
  private static final int MOST_BACKFILLS = 5;

  private final PauseOperations pauses;
  private final Reconciliations reconciliations;
  private final Backfills backfills;
  private final RunForms forms;
  private final Clock clock;

  MaintenancePage(
      PauseOperations pauses,
      Reconciliations reconciliations,
      Backfills backfills,
      RunForms forms,
      Clock clock) {
    this.pauses = pauses;
    this.reconciliations = reconciliations;
    this.backfills = backfills;
    this.forms = forms;
    this.clock = clock;
  }

  /**
   * @param waiting entries of the inbox that wait for it
   */
  record PauseLine(Pause pause, long waiting) {}

  /**
   * @param percent done, from 0 to 100
   * @param remaining empty if it has finished, or nothing is known yet
   */
  record RunLine<P>(P progress, int percent, Optional<Duration> remaining) {}

  @GetMapping(PATH)
  String page(Model model) {
    addRuns(model);
    forms.addTo(model);
    return "maintenance";
  }

  private void addRuns(Model model) {
    Map<String, Long> waiting = pauses.waiting();
    model.addAttribute(
        "pauses",
        pauses.active().stream()
            .map(pause -> new PauseLine(pause, waiting.getOrDefault(pause.scope().toString(), 0L)))
            .toList());
    model.addAttribute(
        "reconciliation", reconciliations.findLatest(MOST_DRIFT).map(this::line).orElse(null));
    model.addAttribute(
        "backfills", backfills.latest(MOST_BACKFILLS).stream().map(this::line).toList());
  }

  private RunLine<Reconciliations.Progress> line(Reconciliations.Progress progress) {
    long total = Math.max(progress.run().total(), progress.done());
    boolean finished = progress.run().finishedAt() != null;
    return new RunLine<>(
        progress,
        finished || total == 0 ? 100 : percent((double) progress.done() / total),
        progress.remaining(clock.instant()));
  }

  private RunLine<Backfills.Progress> line(Backfills.Progress progress) {
    return new RunLine<>(progress, percent(progress.share()), progress.remaining(clock.instant()));
  }

  private static int percent(double share) {
    return (int) (100 * share);
  }
}
