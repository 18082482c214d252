package dev.lockstep.backfill;

import dev.lockstep.sync.StartPolicies.OlderNotes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run.
 *
 * @param since of {@link Source#CHANGED}: records that changed since then are read
 * @param selection which records are read
 * @param notes which notes written before a pair is started are synced
 * @param adoptBy where a record names a counterpart that exists; see {@link
 *     dev.lockstep.sync.StartPolicies.StartPolicy}
 * @param startedBy the operator
 * @param finishedAt null while it is running
 * @param stoppedBy the operator who stopped it; null if nobody did
 * @param feeds how many feeds are read
 * @param feed how many of them have been read
 * @param page where reading the next one continues; null at its beginning
 * @param newest the newest time in the feed so far; null at its beginning
 * @param nextAt it does nothing before then
 * @param problem why it cannot go on; null if it can
 */
public record Backfill(
    long id,
    Source source,
    @Nullable Instant since,
    Selection selection,
    OlderNotes notes,
    String adoptBy,
    String startedBy,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String stoppedBy,
    int feeds,
    int feed,
    @Nullable String page,
    @Nullable Instant newest,
    Instant nextAt,
    @Nullable String problem) {

  /**
   * Which records are read; an empty text means all.
   *
   * @param system only of this system
   * @param kind only of this kind
   * @param query only those that match, in the language of the system
   */
  public record Selection(String system, String kind, String query) {}

  /** Where its records come from. */
  public enum Source {
    /** The feeds of the systems. */
    CHANGED,
    /** A saved plan. */
    PLAN
  }
}
