package dev.lockstep.duplicates.ticket;

import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.similarity.Reason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two tickets of which one is, was, or may be the other's duplicate. Between two tickets there is
 * one, whichever is the primary.
 *
 * @param revision grows by one with each save; a save on an older one is refused
 * @param duplicate the ticket, by the record it was first heard of
 * @param primary the ticket at the front, likewise
 * @param score from 0 to 1; null when nothing was compared
 * @param decidedBy who or what decided; empty while it is only proposed
 * @param leaving why it left or leaves; kept, so that what left once never rejoins by itself
 * @param formerly the primary its record named before; null while that is unknown
 * @param written the duplicate's version after Lockstep last wrote to it; what is older tells
 *     nothing of what people did since
 * @param restore by field, what it took over from its primary, so that it can be undone
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

  /** Why it is taken out, and what it is afterwards. */
  public enum UnlinkReason {
    /** A person said so to Lockstep: what it took over is undone. */
    SPLIT(State.SPLIT),
    /** A person took it out in its own system. */
    REMOVED(State.SPLIT),
    /** It was reopened while its primary stays resolved. */
    REOPENED(State.UNLINKED),
    /** Its primary was cancelled, or hangs now under one it must not be with. */
    PRIMARY_ENDED(State.WITHDRAWN),
    /** No system would hang it under its primary. */
    IMPOSSIBLE(State.WITHDRAWN);

    private final State after;

    UnlinkReason(State after) {
      this.after = after;
    }

    public State after() {
      return after;
    }
  }

  /** Whether the duplicate took over that its primary was resolved. */
  public enum Resolution {
    /** Its primary is open. */
    OPEN,
    /** It is being written, or was when the process died. */
    PROPAGATING,
    PROPAGATED,
    /** Its primary was over before a person hung it there: nothing is taken over. */
    SKIPPED
  }

  /** A field's value before and after it was taken over. */
  public record Takeover(String was, String wrote) {}

  public Duplicate {
    reasons = List.copyOf(reasons);
    restore = Map.copyOf(restore);
  }

  /**
   * The record under whose name Lockstep's notes to the duplicate are kept, whatever it hangs
   * under.
   */
  public RecordRef noteSource() {
    return noteSourceOf(duplicate);
  }

  public static RecordRef noteSourceOf(RecordRef ticket) {
    return new RecordRef("lockstep", "duplicate", ticket.toString());
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
        id, revision, duplicate, primary, state, score, reasons, decidedBy, unlinkReason, previousParent,
        written, next, takenOver);
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
