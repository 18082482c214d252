package dev.lockstep.duplicates.consolidate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.Resolution;
import dev.lockstep.duplicates.ticket.Duplicate.Takeover;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Keeps a child in step with its primary: where the two may share texts, its caller receives the
 * primary's public comments; when the primary is resolved or reopened, so is the child. Computed
 * from the current state of both, so that lost, late and repeated events have the same result.
 */
@Component
class ChildUpdater {
  /** Bounds a workflow that loops. */
  private static final int MOST_STEPS = 6;

  private final Connectors connectors;
  private final References references;
  private final TicketRefresher refresher;
  private final DuplicateStore duplicates;
  private final ChildNotifier notifier;

  ChildUpdater(
      Connectors connectors,
      References references,
      TicketRefresher refresher,
      DuplicateStore duplicates,
      ChildNotifier notifier) {
    this.connectors = connectors;
    this.references = references;
    this.refresher = refresher;
    this.duplicates = duplicates;
    this.notifier = notifier;
  }

  StepResult update(DuplicateContext context) {
    DuplicateContext now = context;
    Optional<UnlinkReason> leaves = findManualUnlink(now).or(() -> findDeletedPrimary(context));
    for (Side side : Side.values()) {
      if (leaves.isEmpty() && now.rules().follows(side) && isKnown(now, side)) {
        leaves = findUnlinkReason(now, side);
        if (leaves.isEmpty()) {
          now = now.with(propagateResolution(now, side));
          sendNotes(now, side);
        }
      }
    }
    return new StepResult(now.duplicate(), leaves);
  }

  private static boolean isKnown(DuplicateContext context, Side side) {
    return context.seen(side) != null && context.primary().seen(side) != null;
  }

  /** Detects that an operator cleared or changed the parent in the child's own system. */
  private Optional<UnlinkReason> findManualUnlink(DuplicateContext context) {
    for (Side side : Side.values()) {
      Snapshot seen = context.seen(side);
      if (seen != null
          && connectors.separates(seen.ref().system(), seen.ref().kind())
          && hasOtherParent(context, side, seen)
          && findSnapshotSinceWrite(context, side, seen)
              .filter(now -> hasOtherParent(context, side, now))
              .isPresent()) {
        return Optional.of(UnlinkReason.REMOVED);
      }
    }
    return Optional.empty();
  }

  private static boolean hasOtherParent(DuplicateContext context, Side side, Snapshot seen) {
    return seen.primaryId() != null
        && context.primary().ref(side) != null
        && !context.isPrimaryRecord(side, seen.primaryId());
  }

  private static Optional<UnlinkReason> findDeletedPrimary(DuplicateContext context) {
    return context.primary().ticket().deleted()
        ? Optional.of(UnlinkReason.PRIMARY_ENDED)
        : Optional.empty();
  }

  /**
   * The child's record as it is since Lockstep last wrote to it; empty if the known snapshot is
   * older than that write. It is fetched where the versions cannot be ordered.
   */
  private Optional<Snapshot> findSnapshotSinceWrite(
      DuplicateContext context, Side side, Snapshot seen) {
    Version written = context.duplicate().written();
    if (written == null) {
      return Optional.of(seen);
    }
    return switch (seen.version().comparedTo(written)) {
      case NEWER -> Optional.of(seen);
      case OLDER, SAME -> Optional.empty();
      case OVERLAPPING -> Optional.of(context.saveWritten(refresher, connectors.fetch(seen.ref())));
    };
  }

  private Optional<UnlinkReason> findUnlinkReason(DuplicateContext context, Side side) {
    Snapshot lead = Objects.requireNonNull(context.primary().seen(side));
    Snapshot own = Objects.requireNonNull(context.seen(side));
    return decide(context, side, lead, own)
        .unlinkReason()
        .filter(why -> isConfirmed(why, context, side, lead, own));
  }

  /** Decides again with the present state of what may have changed since. */
  private boolean isConfirmed(
      UnlinkReason why, DuplicateContext context, Side side, Snapshot lead, Snapshot own) {
    Optional<Snapshot> child =
        why == UnlinkReason.REOPENED
            ? findSnapshotSinceWrite(context, side, own)
                .filter(now -> isFound(why, decide(context, side, lead, now)))
            : Optional.of(own);
    return child
        .filter(now -> isFound(why, decide(context, side, fetchPrimary(context, lead), now)))
        .isPresent();
  }

  private static boolean isFound(UnlinkReason why, ChildDecision decision) {
    return decision.unlinkReason().equals(Optional.of(why));
  }

  private static ChildDecision decide(
      DuplicateContext context, Side side, Snapshot lead, Snapshot own) {
    return ChildDecision.of(context.rules(), side, lead, own, context.duplicate().resolution());
  }

  /**
   * Fetches the primary. Its event may arrive after the child's: a system that reopens the children
   * of a reopened parent reports them in any order.
   */
  private Snapshot fetchPrimary(DuplicateContext context, Snapshot lead) {
    return refresher.fetch(lead.ref()).in(context.mapping().name());
  }

  private Duplicate propagateResolution(DuplicateContext context, Side side) {
    Snapshot lead = Objects.requireNonNull(context.primary().seen(side));
    Snapshot own = Objects.requireNonNull(context.seen(side));
    Duplicate duplicate = context.duplicate();
    return switch (decide(context, side, lead, own).step()) {
      case NONE -> duplicate;
      case RESOLVE -> resolveChild(context, side, lead, own);
      case RECORD_RESOLVED ->
          duplicates.save(
              duplicate
                  .withWritten(own.version())
                  .withResolution(Resolution.PROPAGATED, duplicate.restore()));
      case REOPEN -> reopenChild(context, side);
      case AWAIT_RESOLUTION -> duplicates.save(duplicate.withResolution(Resolution.OPEN, Map.of()));
    };
  }

  private Duplicate resolveChild(DuplicateContext context, Side side, Snapshot lead, Snapshot own) {
    Duplicate duplicate = context.duplicate();
    Map<String, String> values =
        context.rules().valuesFromPrimary(side, lead.values(), context.sharesTexts(side));
    Map<String, Takeover> restore = duplicate.takeOver(own.values(), values);
    Duplicate propagating =
        duplicates.save(duplicate.withResolution(Resolution.PROPAGATING, restore));
    Version after = write(context, side, own, values);
    duplicates.addHistory(
        propagating, "resolved", "Resolved with " + key(context), DuplicateFindings.LOCKSTEP);
    return duplicates.save(
        propagating.withWritten(after).withResolution(Resolution.PROPAGATED, restore));
  }

  private static String key(DuplicateContext context) {
    return context.primary().displayedSnapshot().key();
  }

  /** The system may have reopened it on its own, so the record is fetched first. */
  private Duplicate reopenChild(DuplicateContext context, Side side) {
    Snapshot seen = Objects.requireNonNull(context.seen(side));
    Snapshot own = context.saveWritten(refresher, connectors.fetch(seen.ref()));
    Duplicate duplicate = context.duplicate();
    Version after = restoreFields(context, side, own);
    duplicates.addHistory(
        duplicate, "reopened", "Reopened with " + key(context), DuplicateFindings.LOCKSTEP);
    return duplicates.save(duplicate.withWritten(after).withResolution(Resolution.OPEN, Map.of()));
  }

  /**
   * Restores the fields that were taken over from the primary, where nobody has changed them since.
   *
   * @return the record's version after the write
   */
  Version restoreFields(DuplicateContext context, Side side, Snapshot own) {
    return write(context, side, own, context.duplicate().valuesToRestore(own.values()));
  }

  /** Writes in several steps where the workflow requires intermediate values. */
  private Version write(
      DuplicateContext context, Side side, Snapshot own, Map<String, String> values) {
    Mapping mapping = context.mapping();
    Snapshot now = own;
    for (int step = 0; step < MOST_STEPS; step++) {
      Map<String, String> taken = mapping.writableFields(side, now.values(), values);
      ObjectNode body = mapping.write(side, taken, references).body();
      if (body.isEmpty()) {
        return now.version();
      }
      now = context.saveWritten(refresher, connectors.update(now.ref(), body));
      if (values.entrySet().containsAll(taken.entrySet())) {
        return now.version();
      }
    }
    return now.version();
  }

  private void sendNotes(DuplicateContext context, Side side) {
    RecordRef own = Objects.requireNonNull(context.own().ref(side));
    RecordRef primary = Objects.requireNonNull(context.primary().ref(side));
    if (context.sharesTexts(side)) {
      notifier.enqueueComments(
          context.duplicate(), primary, own, context.own().ticket().openedAt());
    }
    if (!context.isClosed(side)) {
      notifier.sendPending(context.duplicate(), primary, own);
    }
  }
}
