package dev.lockstep.reconcile;

import java.util.List;
import java.util.Optional;

/** Runs that compare the records with what their systems show, for operators. */
public interface Reconciliations {

  /**
   * A run and what it has found so far.
   *
   * @param found how many records differ
   * @param drift the first of them
   */
  record Progress(Reconciliation run, long found, List<Drift> drift) {
    public Progress {
      drift = List.copyOf(drift);
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
