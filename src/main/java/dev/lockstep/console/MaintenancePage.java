package dev.lockstep.console;

import dev.lockstep.backfill.Backfills;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pause.PausableNames;
import dev.lockstep.pause.Pause;
import dev.lockstep.pause.PauseOperations;
import dev.lockstep.reconcile.Reconciliations;
import dev.lockstep.record.Side;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
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
  private final PausableNames names;
  private final Reconciliations reconciliations;
  private final Backfills backfills;
  private final Mappings mappings;
  private final Clock clock;

  MaintenancePage(
      PauseOperations pauses,
      PausableNames names,
      Reconciliations reconciliations,
      Backfills backfills,
      Mappings mappings,
      Clock clock) {
    this.pauses = pauses;
    this.names = names;
    this.reconciliations = reconciliations;
    this.backfills = backfills;
    this.mappings = mappings;
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
    model.addAttribute("systemNames", new TreeSet<>(names.systems()));
    model.addAttribute("mappingNames", new TreeSet<>(names.mappings()));
    model.addAttribute("kinds", kinds());
    model.addAttribute("adoptBy", fields());
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

  private TreeSet<String> kinds() {
    TreeSet<String> kinds = new TreeSet<>();
    for (Mapping mapping : mappings.all()) {
      Stream.of(Side.values()).map(mapping::kind).forEach(kinds::add);
    }
    return kinds;
  }

  private List<String> fields() {
    Stream<String> fields =
        mappings.all().stream()
            .flatMap(mapping -> mapping.fields().stream())
            .map(FieldMapping::name)
            .sorted();
    return Stream.concat(Stream.of(StartPolicy.CORRELATION), fields).distinct().toList();
  }
}
