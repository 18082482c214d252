package dev.lockstep.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs that compare the records with what their systems show, for operators. */
public interface Reconciliations {

  /**
   * A run and what it has found so far.
   *
   * @param problems how many records differ, by what is wrong with them
   * @param unsettled of the records to repair, those that are being processed, wait, or are part of
   *     a dead letter
   * @param drift the first records that differ
   */
  record Progress(
      Reconciliation run, Map<Drift.Problem, Long> problems, long unsettled, List<Drift> drift) {
    public Progress {
      problems = Map.copyOf(problems);
      drift = List.copyOf(drift);
    }

    /** How many records differ. */
    public long found() {
      return problems.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many of them have been processed since, as if a webhook had reported them. */
    public long repaired() {
      return run.mode() == Reconciliation.Mode.REPAIR
          ? found() - problems.getOrDefault(Drift.Problem.UNREADABLE, 0L) - unsettled
          : 0;
    }

    /** Correlations that are done with, compared or postponed. */
    public long done() {
      return run.checked() + run.postponed();
    }

    /** Estimated from what was done so far; empty if that is nothing, or the run has finished. */
    public Optional<Duration> remaining(Instant now) {
      return run.finishedAt() == null && done() > 0
          ? Optional.of(
              Duration.between(run.startedAt(), now)
                  .multipliedBy(Math.max(0, run.total() - done()))
                  .dividedBy(done()))
          : Optional.empty();
    }
  }

  /**
   * Starts a run.
   *
   * @param by the operator
   * @return empty if another run is not finished
   */
  Optional<Progress> start(Reconciliation.Mode mode, String by);

  /**
   * The latest run; empty if there was none.
   *
   * @param most how much drift to return at most
   */
  Optional<Progress> findLatest(int most);
}
