package dev.lockstep.duplicates.consolidate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.Leaving;
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

  StepResult follow(DuplicateContext relation) {
    DuplicateContext now = relation;
    Optional<Leaving> leaves = takenOut(now).or(() -> gone(relation));
    for (Side side : Side.values()) {
      if (leaves.isEmpty() && now.rules().follows(side) && isKnown(now, side)) {
        leaves = ending(now, side);
        if (leaves.isEmpty()) {
          now = now.with(resolve(now, side));
          tell(now, side);
        }
      }
    }
    return new StepResult(now.duplicate(), leaves);
  }

  private static boolean isKnown(DuplicateContext relation, Side side) {
    return relation.seen(side) != null && relation.primary().seen(side) != null;
  }

  /** A person emptied or changed what it hangs under, in its own system. */
  private Optional<Leaving> takenOut(DuplicateContext relation) {
    for (Side side : Side.values()) {
      Snapshot seen = relation.seen(side);
      if (seen != null
          && connectors.separates(seen.ref().system(), seen.ref().kind())
          && hangsElsewhere(relation, side, seen)
          && since(relation, side, seen)
              .filter(now -> hangsElsewhere(relation, side, now))
              .isPresent()) {
        return Optional.of(Leaving.TAKEN_OUT);
      }
    }
    return Optional.empty();
  }

  private static boolean hangsElsewhere(DuplicateContext relation, Side side, Snapshot seen) {
    return seen.primaryId() != null
        && relation.primary().ref(side) != null
        && !relation.isPrimarys(side, seen.primaryId());
  }

  private static Optional<Leaving> gone(DuplicateContext relation) {
    return relation.primary().ticket().gone()
        ? Optional.of(Leaving.PRIMARY_ENDED)
        : Optional.empty();
  }

  /**
   * The duplicate's record as it is since Lockstep last wrote to it; empty when what was seen is
   * from before. Where the two are too close for the system's clocks, it is asked.
   */
  private Optional<Snapshot> since(DuplicateContext relation, Side side, Snapshot seen) {
    Version written = relation.duplicate().written();
    if (written == null) {
      return Optional.of(seen);
    }
    return switch (seen.version().comparedTo(written)) {
      case NEWER -> Optional.of(seen);
      case OLDER, SAME -> Optional.empty();
      case OVERLAPPING -> Optional.of(relation.took(lookout, side, connectors.fetch(seen.ref())));
    };
  }

  private Optional<Leaving> ending(DuplicateContext relation, Side side) {
    Snapshot lead = Objects.requireNonNull(relation.primary().seen(side));
    Snapshot own = Objects.requireNonNull(relation.seen(side));
    if (!relation.rules().isResolved(side, lead.values())) {
      return hasEnded(relation, side, lead) && hasEnded(relation, side, asked(relation, side, lead))
          ? Optional.of(Leaving.PRIMARY_ENDED)
          : Optional.empty();
    }
    boolean reopened =
        relation.duplicate().resolution() == Resolution.TOLD
            && !relation.rules().isResolvedOrClosed(side, own.values())
            && since(relation, side, own)
                .filter(now -> !relation.rules().isResolvedOrClosed(side, now.values()))
                .isPresent();
    return reopened && relation.rules().isResolved(side, asked(relation, side, lead).values())
        ? Optional.of(Leaving.REOPENED)
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
  private Snapshot asked(DuplicateContext relation, Side side, Snapshot lead) {
    return lookout.fetch(relation.mapping(), side, lead.ref(), lead);
  }

  private Duplicate resolve(DuplicateContext relation, Side side) {
    Snapshot lead = Objects.requireNonNull(relation.primary().seen(side));
    Duplicate duplicate = relation.duplicate();
    boolean resolved = relation.rules().isResolved(side, lead.values());
    return switch (duplicate.resolution()) {
      case OPEN -> resolved ? takeOver(relation, side, lead) : duplicate;
      case TELLING -> resolved ? takeOver(relation, side, lead) : reopen(relation, side);
      case TOLD -> resolved ? duplicate : reopen(relation, side);
      case PASSED ->
          resolved ? duplicate : duplicates.save(duplicate.resolution(Resolution.OPEN, Map.of()));
    };
  }

  private Duplicate takeOver(DuplicateContext relation, Side side, Snapshot lead) {
    Snapshot own = Objects.requireNonNull(relation.seen(side));
    Duplicate duplicate = relation.duplicate();
    if (relation.rules().isResolvedOrClosed(side, own.values())) {
      // Somebody, its system, or an earlier attempt of ours was first.
      return duplicates.save(
          duplicate.written(own.version()).resolution(Resolution.TOLD, duplicate.restore()));
    }
    Map<String, String> values =
        relation.rules().valuesFromPrimary(side, lead.values(), relation.sharesTexts(side));
    Map<String, Takeover> restore = restorable(duplicate, own, values);
    Duplicate telling = duplicates.save(duplicate.resolution(Resolution.TELLING, restore));
    Version after = write(relation, side, own, values);
    duplicates.record(
        telling, "resolved", "Resolved as " + key(relation) + " was", DuplicateFindings.BY_ITSELF);
    return duplicates.save(telling.written(after).resolution(Resolution.TOLD, restore));
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
    return relation.primary().shown().key();
  }

  /** Its system may have reopened it already, in its own way: what it shows now is looked at. */
  private Duplicate reopen(DuplicateContext relation, Side side) {
    Snapshot seen = Objects.requireNonNull(relation.seen(side));
    Snapshot own = relation.took(lookout, side, connectors.fetch(seen.ref()));
    Duplicate duplicate = relation.duplicate();
    Version after = giveBack(relation, side, own);
    duplicates.record(
        duplicate,
        "reopened",
        "Reopened as " + key(relation) + " was",
        DuplicateFindings.BY_ITSELF);
    return duplicates.save(duplicate.written(after).resolution(Resolution.OPEN, Map.of()));
  }

  /**
   * Undoes what was taken over, where nobody has changed it since.
   *
   * @return the record's version after it
   */
  Version giveBack(DuplicateContext relation, Side side, Snapshot own) {
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
      now = relation.took(lookout, side, connectors.update(now.ref(), body));
      if (values.entrySet().containsAll(taken.entrySet())) {
        return now.version();
      }
    }
    return now.version();
  }

  private void tell(DuplicateContext relation, Side side) {
    RecordRef own = Objects.requireNonNull(relation.own().ref(side));
    RecordRef primary = Objects.requireNonNull(relation.primary().ref(side));
    if (relation.sharesTexts(side)) {
      voice.oweComments(relation.duplicate(), primary, own, relation.own().ticket().openedAt());
    }
    if (!relation.isClosed(side)) {
      voice.speak(relation.duplicate(), own);
    }
  }
}
