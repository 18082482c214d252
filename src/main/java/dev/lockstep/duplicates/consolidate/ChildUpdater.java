package dev.lockstep.duplicates.consolidate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.Duplicate.Resolution;
import dev.lockstep.duplicates.ticket.Duplicate.Takeover;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps a duplicate with its primary: its caller receives the primary's public comments where the
 * two may share texts; when the primary is resolved or reopened, so is the duplicate. A function of
 * the two as they are, so that news which come twice, late or not at all end the same.
 */
class ChildUpdater {
  /** No workflow needs as many; one that goes round ends somewhere. */
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

  /** A person emptied or changed what it hangs under, in its own system. */
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
   * The duplicate's record as it is since Lockstep last wrote to it; empty when what was seen is
   * from before. Where the two are too close for the system's clocks, it is asked.
   */
  private Optional<Snapshot> findSnapshotSinceWrite(DuplicateContext context, Side side, Snapshot seen) {
    Version written = context.duplicate().written();
    if (written == null) {
      return Optional.of(seen);
    }
    return switch (seen.version().comparedTo(written)) {
      case NEWER -> Optional.of(seen);
      case OLDER, SAME -> Optional.empty();
      case UNSURE -> Optional.of(context.saveWritten(refresher, side, connectors.fetch(seen.ref())));
    };
  }

  private Optional<UnlinkReason> findUnlinkReason(DuplicateContext context, Side side) {
    Snapshot lead = Objects.requireNonNull(context.primary().seen(side));
    Snapshot own = Objects.requireNonNull(context.seen(side));
    if (!context.rules().isResolved(side, lead.values())) {
      return hasEnded(context, side, lead) && hasEnded(context, side, fetchPrimary(context, side, lead))
          ? Optional.of(UnlinkReason.PRIMARY_ENDED)
          : Optional.empty();
    }
    boolean reopened =
        context.duplicate().resolution() == Resolution.PROPAGATED
            && !context.rules().isResolvedOrClosed(side, own.values())
            && findSnapshotSinceWrite(context, side, own)
                .filter(now -> !context.rules().isResolvedOrClosed(side, now.values()))
                .isPresent();
    return reopened && context.rules().isResolved(side, fetchPrimary(context, side, lead).values())
        ? Optional.of(UnlinkReason.REOPENED)
        : Optional.empty();
  }

  private static boolean hasEnded(DuplicateContext context, Side side, Snapshot lead) {
    return context.rules().isResolvedOrClosed(side, lead.values())
        && !context.rules().isResolved(side, lead.values());
  }

  /**
   * The primary as it is now. Its news may come after the duplicate's: a system that reopens the
   * children of a reopened parent by itself tells of them in any order.
   */
  private Snapshot fetchPrimary(DuplicateContext context, Side side, Snapshot lead) {
    return refresher.fetch(context.mapping(), side, lead.ref(), lead);
  }

  private Duplicate propagateResolution(DuplicateContext context, Side side) {
    Snapshot lead = Objects.requireNonNull(context.primary().seen(side));
    Duplicate duplicate = context.duplicate();
    boolean resolved = context.rules().isResolved(side, lead.values());
    return switch (duplicate.resolution()) {
      case OPEN -> resolved ? resolveChild(context, side, lead) : duplicate;
      case PROPAGATING -> resolved ? resolveChild(context, side, lead) : reopenChild(context, side);
      case PROPAGATED -> resolved ? duplicate : reopenChild(context, side);
      case SKIPPED ->
          resolved ? duplicate : duplicates.save(duplicate.withResolution(Resolution.OPEN, Map.of()));
    };
  }

  private Duplicate resolveChild(DuplicateContext context, Side side, Snapshot lead) {
    Snapshot own = Objects.requireNonNull(context.seen(side));
    Duplicate duplicate = context.duplicate();
    if (context.rules().isResolvedOrClosed(side, own.values())) {
      // Somebody, its system, or an earlier attempt of ours was first.
      return duplicates.save(
          duplicate.withWritten(own.version()).withResolution(Resolution.PROPAGATED, duplicate.restore()));
    }
    Map<String, String> values =
        context.rules().valuesFromPrimary(side, lead.values(), context.sharesTexts(side));
    Map<String, Takeover> restore = restorable(duplicate, own, values);
    Duplicate propagating = duplicates.save(duplicate.withResolution(Resolution.PROPAGATING, restore));
    Version after = write(context, side, own, values);
    duplicates.addHistory(
        propagating, "resolved", "Resolved as " + key(context) + " was", DuplicateFindings.LOCKSTEP);
    return duplicates.save(propagating.withWritten(after).withResolution(Resolution.PROPAGATED, restore));
  }

  /** An attempt that ended halfway knows how the record was before. */
  private static Map<String, Takeover> restorable(
      Duplicate duplicate, Snapshot own, Map<String, String> values) {
    Map<String, Takeover> restore = new HashMap<>();
    values.forEach(
        (field, value) -> {
          Takeover begun = duplicate.restore().get(field);
          String was = begun == null ? own.values().getOrDefault(field, "") : begun.was();
          restore.put(field, new Takeover(was, value));
        });
    return restore;
  }

  private static String key(DuplicateContext context) {
    return context.primary().displayedSnapshot().key();
  }

  /** Its system may have reopened it already, in its own way: what it shows now is looked at. */
  private Duplicate reopenChild(DuplicateContext context, Side side) {
    Snapshot seen = Objects.requireNonNull(context.seen(side));
    Snapshot own = context.saveWritten(refresher, side, connectors.fetch(seen.ref()));
    Duplicate duplicate = context.duplicate();
    Version after = restoreFields(context, side, own);
    duplicates.addHistory(
        duplicate,
        "reopened",
        "Reopened as " + key(context) + " was",
        DuplicateFindings.LOCKSTEP);
    return duplicates.save(duplicate.withWritten(after).withResolution(Resolution.OPEN, Map.of()));
  }

  /**
   * Undoes what was taken over, where nobody has changed it since.
   *
   * @return the record's version after it
   */
  Version restoreFields(DuplicateContext context, Side side, Snapshot own) {
    Map<String, String> values = new HashMap<>();
    context
        .duplicate()
        .restore()
        .forEach(
            (field, takeover) -> {
              if (takeover.wrote().equals(own.values().get(field))) {
                values.put(field, takeover.was());
              }
            });
    return write(context, side, own, values);
  }

  /** To some values a record only comes by way of others: then it is written to again. */
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
      now = context.saveWritten(refresher, side, connectors.update(now.ref(), body));
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
      notifier.enqueueComments(context.duplicate(), primary, own, context.own().ticket().openedAt());
    }
    if (!context.isClosed(side)) {
      notifier.sendPending(context.duplicate(), own);
    }
  }
}
