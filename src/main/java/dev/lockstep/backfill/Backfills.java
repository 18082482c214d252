package dev.lockstep.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Runs that start syncing what is open already, for operators. At most one is not finished. */
public interface Backfills {

  /**
   * A run and how far it is.
   *
   * @param found records that it has decided on or will decide on
   * @param waiting records whose plan is still to be compared with the systems
   * @param pending records that were passed on and are not processed yet
   * @param refused records that were not passed on, since they changed after the plan
   * @param done estimated share of the reading, from 0 to 1
   * @param created pairs of its records whose counterpart was created
   * @param adopted pairs of its records whose counterpart existed
   */
  record Progress(
      Backfill run,
      long found,
      long waiting,
      long pending,
      List<Refused> refused,
      double done,
      long created,
      long adopted) {
    /** Less is too little to tell. */
    private static final double LEAST = 0.05;

    public Progress {
      refused = List.copyOf(refused);
    }

    /** Whether records are still read, passed on or processed. */
    public boolean isBusy() {
      return run.finishedAt() == null || pending > 0;
    }

    /** Estimated share of reading and processing, which overlap, from 0 to 1. */
    public double share() {
      return done * (found == 0 ? 1 : (double) (found - waiting - pending) / found);
    }

    /** Estimated from what was done so far; empty if that is too little, or nothing is left. */
    public Optional<Duration> remaining(Instant now) {
      double share = share();
      return run.finishedAt() == null && share >= LEAST
          ? Optional.of(
              Duration.ofMillis(
                  Math.round(
                      Duration.between(run.startedAt(), now).toMillis() * (1 - share) / share)))
          : Optional.empty();
    }
  }

  /**
   * @param reason what changed
   */
  record Refused(RecordRef record, String reason) {}

  /** Cannot be started as requested; the message says why and what to do. */
  final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Starts reading what changed since a time.
   *
   * @param by the operator
   * @return empty if another run is not finished
   * @throws RefusedException if no mapping in use has that system, kind or field, or the system
   *     takes no query
   */
  Optional<Progress> start(Instant since, Selection selection, StartPolicy policy, String by);

  /**
   * Starts carrying out a saved plan.
   *
   * @param plan {@code dev.lockstep.dryrun.ChangePlan} as JSON
   * @return empty if another run is not finished
   * @throws RefusedException if it is none, or was made with other mappings
   */
  Optional<Progress> apply(JsonNode plan, String by);

  /** The latest run; empty if there was none. */
  default Optional<Progress> findLatest() {
    return latest(1).stream().findFirst();
  }

  Optional<Progress> find(long id);

  /** The latest runs, newest first. */
  List<Progress> latest(int most);

  /**
   * Stops the run that is not finished. What it has passed on is processed.
   *
   * @return empty if there is none
   */
  Optional<Progress> stop(String by);
}
