package dev.lockstep.reconcile;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run that compares the records of every correlation with what their systems show.
 *
 * @param startedBy the operator; empty for a scheduled run
 * @param finishedAt null while it is running
 * @param position the last correlation that was compared; null before the first
 * @param total correlations when it started
 * @param checked correlations that were compared
 * @param postponed correlations that were not compared, since they have pending work or a dead
 *     letter
 */
public record Reconciliation(
    long id,
    Mode mode,
    String startedBy,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable UUID position,
    long total,
    long checked,
    long postponed) {

  /** What becomes of drift. */
  public enum Mode {
    /** The record is processed as if a webhook had reported it. */
    REPAIR,
    /** It is only reported. */
    REPORT
  }
}
