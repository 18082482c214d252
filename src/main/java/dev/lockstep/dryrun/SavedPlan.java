package dev.lockstep.dryrun;

import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A plan that an operator had made.
 *
 * @param finishedAt null while it is made
 * @param stoppedBy the operator who stopped it; null if nobody did
 * @param problem why there is no plan; null if it is made or there is one
 * @param open records that are not processed yet
 * @param writes planned so far
 * @param records how many records would be written to
 * @param summary the plan without its records; null if there is none
 * @param backfill the run that carries it out; null if none does
 */
public record SavedPlan(
    long id,
    Request request,
    String startedBy,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String stoppedBy,
    @Nullable String problem,
    long open,
    int writes,
    int records,
    @Nullable ChangePlan summary,
    @Nullable Long backfill) {

  /**
   * What is planned; an empty text means all.
   *
   * @param since only records that changed since this day (UTC); null: whenever they changed
   * @param query only those that match, in the language of the system
   * @param most at most so many records; positive
   * @param policy how pairs are started
   */
  public record Request(
      @Nullable LocalDate since,
      String system,
      String kind,
      String query,
      int most,
      StartPolicy policy) {}

  /** Whether there is something that can be carried out, and nobody has it carried out. */
  public boolean isToApply() {
    return summary != null && records > 0 && backfill == null;
  }

  /** Running, stopped, failed, changes, or none: nothing to write. */
  public String state() {
    if (finishedAt == null) {
      return "RUNNING";
    }
    if (stoppedBy != null) {
      return "STOPPED";
    }
    return summary == null ? "FAILED" : records > 0 ? "CHANGES" : "NONE";
  }
}
