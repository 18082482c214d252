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
  private final TicketRefresher lookout;
  private final DuplicateStore duplicates;
  private final ChildNotifier voice;

  ChildUpdater(
      Connectors connectors,
      References references,
      TicketRefresher lookout,
      DuplicateStore duplicates,
      ChildNotifier voice) {
    this.connectors = connectors;
    this.references = references;
    this.lookout = lookout;
    this.duplicates = duplicates;
    this.voice = voice;
  }

  StepResult update(DuplicateContext relation) {
    DuplicateContext now = relation;
    Optional<UnlinkReason> leaves = findManualUnlink(now).or(() -> findDeletedPrimary(relation));
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

  private static boolean isKnown(DuplicateContext relation, Side side) {
    return relation.seen(side) != null && relation.primary().seen(side) != null;
  }

  /** A person emptied or changed what it hangs under, in its own system. */
  private Optional<UnlinkReason> findManualUnlink(DuplicateContext relation) {
    for (Side side : Side.values()) {
      Snapshot seen = relation.seen(side);
      if (seen != null
          && connectors.separates(seen.ref().system(), seen.ref().kind())
          && hasOtherParent(relation, side, seen)
          && findSnapshotSinceWrite(relation, side, seen)
              .filter(now -> hasOtherParent(relation, side, now))
              .isPresent()) {
        return Optional.of(UnlinkReason.REMOVED);
      }
    }
    return Optional.empty();
  }

  private static boolean hasOtherParent(DuplicateContext relation, Side side, Snapshot seen) {
    return seen.primaryId() != null
        && relation.primary().ref(side) != null
        && !relation.isPrimaryRecord(side, seen.primaryId());
  }

  private static Optional<UnlinkReason> findDeletedPrimary(DuplicateContext relation) {
    return relation.primary().ticket().deleted()
        ? Optional.of(UnlinkReason.PRIMARY_ENDED)
        : Optional.empty();
  }

  /**
   * The duplicate's record as it is since Lockstep last wrote to it; empty when what was seen is
   * from before. Where the two are too close for the system's clocks, it is asked.
   */
  private Optional<Snapshot> findSnapshotSinceWrite(DuplicateContext relation, Side side, Snapshot seen) {
    Version written = relation.duplicate().written();
    if (written == null) {
      return Optional.of(seen);
    }
    return switch (seen.version().comparedTo(written)) {
      case NEWER -> Optional.of(seen);
      case OLDER, SAME -> Optional.empty();
      case UNSURE -> Optional.of(relation.saveWritten(lookout, side, connectors.fetch(seen.ref())));
    };
  }

  private Optional<UnlinkReason> findUnlinkReason(DuplicateContext relation, Side side) {
    Snapshot lead = Objects.requireNonNull(relation.primary().seen(side));
    Snapshot own = Objects.requireNonNull(relation.seen(side));
    if (!relation.rules().isResolved(side, lead.values())) {
      return hasEnded(relation, side, lead) && hasEnded(relation, side, fetchPrimary(relation, side, lead))
          ? Optional.of(UnlinkReason.PRIMARY_ENDED)
          : Optional.empty();
    }
    boolean reopened =
        relation.duplicate().resolution() == Resolution.PROPAGATED
            && !relation.rules().isResolvedOrClosed(side, own.values())
            && findSnapshotSinceWrite(relation, side, own)
                .filter(now -> !relation.rules().isResolvedOrClosed(side, now.values()))
                .isPresent();
    return reopened && relation.rules().isResolved(side, fetchPrimary(relation, side, lead).values())
        ? Optional.of(UnlinkReason.REOPENED)
        : Optional.empty();
  }

  private static boolean hasEnded(DuplicateContext relation, Side side, Snapshot lead) {
    return relation.rules().isResolvedOrClosed(side, lead.values())
        && !relation.rules().isResolved(side, lead.values());
  }

  /**
   * The primary as it is now. Its news may come after the duplicate's: a system that reopens the
   * children of a reopened parent by itself tells of them in any order.
   */
  private Snapshot fetchPrimary(DuplicateContext relation, Side side, Snapshot lead) {
    return lookout.fetch(relation.mapping(), side, lead.ref(), lead);
  }

  private Duplicate propagateResolution(DuplicateContext relation, Side side) {
    Snapshot lead = Objects.requireNonNull(relation.primary().seen(side));
    Duplicate duplicate = relation.duplicate();
    boolean resolved = relation.rules().isResolved(side, lead.values());
    return switch (duplicate.resolution()) {
      case OPEN -> resolved ? resolveChild(relation, side, lead) : duplicate;
      case PROPAGATING -> resolved ? resolveChild(relation, side, lead) : reopenChild(relation, side);
      case PROPAGATED -> resolved ? duplicate : reopenChild(relation, side);
      case SKIPPED ->
          resolved ? duplicate : duplicates.save(duplicate.withResolution(Resolution.OPEN, Map.of()));
    };
  }

  private Duplicate resolveChild(DuplicateContext relation, Side side, Snapshot lead) {
    Snapshot own = Objects.requireNonNull(relation.seen(side));
    Duplicate duplicate = relation.duplicate();
    if (relation.rules().isResolvedOrClosed(side, own.values())) {
      // Somebody, its system, or an earlier attempt of ours was first.
      return duplicates.save(
          duplicate.withWritten(own.version()).withResolution(Resolution.PROPAGATED, duplicate.restore()));
    }
    Map<String, String> values =
        relation.rules().valuesFromPrimary(side, lead.values(), relation.sharesTexts(side));
    Map<String, Takeover> restore = restorable(duplicate, own, values);
    Duplicate telling = duplicates.save(duplicate.withResolution(Resolution.PROPAGATING, restore));
    Version after = write(relation, side, own, values);
    duplicates.addHistory(
        telling, "resolved", "Resolved as " + key(relation) + " was", DuplicateFindings.LOCKSTEP);
    return duplicates.save(telling.withWritten(after).withResolution(Resolution.PROPAGATED, restore));
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

  private static String key(DuplicateContext relation) {
    return relation.primary().displayedSnapshot().key();
  }

  /** Its system may have reopened it already, in its own way: what it shows now is looked at. */
  private Duplicate reopenChild(DuplicateContext relation, Side side) {
    Snapshot seen = Objects.requireNonNull(relation.seen(side));
    Snapshot own = relation.saveWritten(lookout, side, connectors.fetch(seen.ref()));
    Duplicate duplicate = relation.duplicate();
    Version after = restoreFields(relation, side, own);
    duplicates.addHistory(
        duplicate,
        "reopened",
        "Reopened as " + key(relation) + " was",
        DuplicateFindings.LOCKSTEP);
    return duplicates.save(duplicate.withWritten(after).withResolution(Resolution.OPEN, Map.of()));
  }

  /**
   * Undoes what was taken over, where nobody has changed it since.
   *
   * @return the record's version after it
   */
  Version restoreFields(DuplicateContext relation, Side side, Snapshot own) {
    Map<String, String> values = new HashMap<>();
    relation
        .duplicate()
        .restore()
        .forEach(
            (field, takeover) -> {
              if (takeover.wrote().equals(own.values().get(field))) {
                values.put(field, takeover.was());
              }
            });
    return write(relation, side, own, values);
  }

  /** To some values a record only comes by way of others: then it is written to again. */
  private Version write(
      DuplicateContext relation, Side side, Snapshot own, Map<String, String> values) {
    Mapping mapping = relation.mapping();
    Snapshot now = own;
    for (int step = 0; step < MOST_STEPS; step++) {
      Map<String, String> taken = mapping.writableFields(side, now.values(), values);
      ObjectNode body = mapping.write(side, taken, references).body();
      if (body.isEmpty()) {
        return now.version();
      }
      now = relation.saveWritten(lookout, side, connectors.update(now.ref(), body));
      if (values.entrySet().containsAll(taken.entrySet())) {
        return now.version();
      }
    }
    return now.version();
  }

  private void sendNotes(DuplicateContext relation, Side side) {
    RecordRef own = Objects.requireNonNull(relation.own().ref(side));
    RecordRef primary = Objects.requireNonNull(relation.primary().ref(side));
    if (relation.sharesTexts(side)) {
      voice.enqueueComments(relation.duplicate(), primary, own, relation.own().ticket().openedAt());
    }
    if (!relation.isClosed(side)) {
      voice.sendPending(relation.duplicate(), own);
    }
  }
}
