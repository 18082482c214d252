package dev.lockstep.api;

import dev.lockstep.reconcile.Drift;
import dev.lockstep.reconcile.Reconciliation.Mode;
import dev.lockstep.reconcile.Reconciliations;
import dev.lockstep.reconcile.Reconciliations.Progress;
import java.security.Principal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Reconciliation: start a run, show the latest; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/reconciliation")
class ReconciliationController {
  private static final int MAX_LIMIT = 1000;

  private final Reconciliations reconciliations;

  ReconciliationController(Reconciliations reconciliations) {
    this.reconciliations = reconciliations;
  }

  @GetMapping
  Run latest(@RequestParam(name = "limit", defaultValue = "100") int limit) {
    return reconciliations
        .findLatest(DecisionParameters.limit(limit, MAX_LIMIT))
        .map(ReconciliationController::run)
        .orElseThrow(
            () ->
                new ResponseStatusException(
                    HttpStatus.NOT_FOUND, "There has been no reconciliation yet"));
  }

  @PostMapping
  @ResponseStatus(HttpStatus.ACCEPTED)
  Run start(@RequestParam(name = "mode", defaultValue = "repair") String mode, Principal user) {
    return reconciliations
        .start(mode(mode), user.getName())
        .map(ReconciliationController::run)
        .orElseThrow(
            () ->
                new ResponseStatusException(
                    HttpStatus.CONFLICT,
                    "A reconciliation is running; wait until it has finished"));
  }

  private static Mode mode(String mode) {
    return switch (mode) {
      case "repair" -> Mode.REPAIR;
      case "report" -> Mode.REPORT;
      default -> throw DecisionParameters.badRequest("mode: use repair or report");
    };
  }

  /**
   * @param startedBy empty for a scheduled run
   * @param finishedAt null while it is running
   * @param total correlations when it started; checked and postponed add up to it
   * @param found records that differ, of which {@code drift} has the first
   */
  record Run(
      long id,
      String mode,
      String startedBy,
      Instant startedAt,
      @Nullable Instant finishedAt,
      long total,
      long checked,
      long postponed,
      long found,
      List<Difference> drift) {}

  /**
   * @param problem {@code CHANGED}, {@code DELETED}, {@code RESTORED} or {@code UNREADABLE}
   * @param reason why it could not be read; empty otherwise
   */
  record Difference(
      String record, String key, String problem, String reason, List<FieldDifference> fields) {}

  /**
   * @param field as {@code mapping.field}
   */
  record FieldDifference(String field, String known, String shown) {}

  private static Run run(Progress progress) {
    var run = progress.run();
    return new Run(
        run.id(),
        run.mode().name().toLowerCase(Locale.ROOT),
        run.startedBy(),
        run.startedAt(),
        run.finishedAt(),
        run.total(),
        run.checked(),
        run.postponed(),
        progress.found(),
        progress.drift().stream().map(ReconciliationController::difference).toList());
  }

  private static Difference difference(Drift drift) {
    return new Difference(
        drift.record().toString(),
        drift.key(),
        drift.problem().name(),
        drift.reason(),
        drift.fields().entrySet().stream()
            .map(
                field ->
                    new FieldDifference(
                        field.getKey(), field.getValue().known(), field.getValue().shown()))
            .sorted(Comparator.comparing(FieldDifference::field))
            .toList());
  }
}
