package dev.lockstep.duplicates.ticket;

import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.similarity.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two tickets of which one is, was, or may be the other's duplicate. There is one per two tickets,
 * whichever is the primary.
 *
 * @param revision incremented by each save; a save of an older revision is refused
 * @param duplicate the first known record of the duplicate
 * @param primary the first known record of the primary
 * @param score from 0 to 1; null when the two were not compared
 * @param decidedBy the operator or system that decided; empty while proposed
 * @param unlinkReason why it was or is being unlinked; kept, so that it is never linked
 *     automatically again
 * @param previousParent the parent its record had before it was linked; null while unknown
 * @param written the duplicate's version after Lockstep last wrote to it; older snapshots say
 *     nothing about later changes by users
 * @param restore by field, the values taken over from the primary, so that they can be restored
 */
public record Duplicate(
    long id,
    long revision,
    RecordRef duplicate,
    RecordRef primary,
    State state,
    @Nullable Double score,
    List<Reason> reasons,
    String decidedBy,
    @Nullable UnlinkReason unlinkReason,
    @Nullable String previousParent,
    @Nullable Version written,
    Resolution resolution,
    Map<String, Takeover> restore) {

  /** Why a duplicate is unlinked, and the state that follows. */
  public enum UnlinkReason {
    /** An operator split it with Lockstep: its fields are restored. */
    SPLIT(State.SPLIT),
    /** An operator unlinked it in the source system. */
    REMOVED(State.SPLIT),
    /** It was reopened while the primary stays resolved. */
    REOPENED(State.UNLINKED),
    /**
     * The primary was cancelled or deleted, or became a duplicate of a ticket that this one was
     * split or rejected from.
     */
    PRIMARY_ENDED(State.WITHDRAWN),
    /** No system can link it to the primary. */
    IMPOSSIBLE(State.WITHDRAWN);

    private final State after;

    UnlinkReason(State after) {
      this.after = after;
    }

    public State after() {
      return after;
    }
  }

  /** Whether the primary's resolution was propagated to the duplicate. */
  public enum Resolution {
    /** The primary is open. */
    OPEN,
    /** Being written, or was being written when the process stopped. */
    PROPAGATING,
    PROPAGATED,
    /** The primary was already resolved when an operator linked the two: nothing is propagated. */
    SKIPPED
  }

  /** A field's value before and after it was taken over from the primary. */
  public record Takeover(String was, String wrote) {}

  public Duplicate {
    reasons = List.copyOf(reasons);
    restore = Map.copyOf(restore);
  }

  /**
   * The source under which Lockstep's notes to the duplicate are stored, independent of its
   * primary.
   */
  public RecordRef noteSource() {
    return noteSourceOf(duplicate);
  }

  public static RecordRef noteSourceOf(RecordRef ticket) {
    return new RecordRef("lockstep", "duplicate", ticket.toString());
  }

  /**
   * What has to be remembered to restore the duplicate's fields after values of the primary were
   * written to it. After an attempt that failed halfway, what that attempt found is kept.
   *
   * @param own the present values of the duplicate's record
   * @param written the values to write
   */
  public Map<String, Takeover> takeOver(Map<String, String> own, Map<String, String> written) {
    Map<String, Takeover> takeovers = new HashMap<>();
    written.forEach(
        (field, value) -> {
          Takeover begun = restore.get(field);
          String was = begun == null ? own.getOrDefault(field, "") : begun.was();
          takeovers.put(field, new Takeover(was, value));
        });
    return takeovers;
  }

  /**
   * The values to restore: those of the fields that nobody has changed since they were taken over.
   *
   * @param own the present values of the duplicate's record
   */
  public Map<String, String> valuesToRestore(Map<String, String> own) {
    Map<String, String> values = new HashMap<>();
    restore.forEach(
        (field, takeover) -> {
          if (takeover.wrote().equals(own.get(field))) {
            values.put(field, takeover.was());
          }
        });
    return values;
  }

  public Duplicate withState(State next) {
    return withDecision(next, decidedBy);
  }

  public Duplicate withDecision(State next, String by) {
    return new Duplicate(
        id,
        revision,
        duplicate,
        primary,
        next,
        score,
        reasons,
        by,
        unlinkReason,
        previousParent,
        written,
        resolution,
        restore);
  }

  public Duplicate withUnlinking(UnlinkReason why, String by) {
    return new Duplicate(
        id,
        revision,
        duplicate,
        primary,
        State.UNLINKING,
        score,
        reasons,
        by,
        why,
        previousParent,
        written,
        resolution,
        restore);
  }

  public Duplicate withPreviousParent(String primaryId) {
    return new Duplicate(
        id,
        revision,
        duplicate,
        primary,
        state,
        score,
        reasons,
        decidedBy,
        unlinkReason,
        primaryId,
        written,
        resolution,
        restore);
  }

  public Duplicate withWritten(Version version) {
    return new Duplicate(
        id,
        revision,
        duplicate,
        primary,
        state,
        score,
        reasons,
        decidedBy,
        unlinkReason,
        previousParent,
        version,
        resolution,
        restore);
  }

  public Duplicate withResolution(Resolution next, Map<String, Takeover> takenOver) {
    return new Duplicate(
        id,
        revision,
        duplicate,
        primary,
        state,
        score,
        reasons,
        decidedBy,
        unlinkReason,
        previousParent,
        written,
        next,
        takenOver);
  }

  public Duplicate withNextRevision() {
    return new Duplicate(
        id,
        revision + 1,
        duplicate,
        primary,
        state,
        score,
        reasons,
        decidedBy,
        unlinkReason,
        previousParent,
        written,
        resolution,
        restore);
  }
}
