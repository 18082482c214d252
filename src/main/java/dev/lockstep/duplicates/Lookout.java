package dev.lockstep.duplicates;

import dev.lockstep.apply.Snapshots;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a record that no pair keeps is now, for as few calls as that takes: what was told
 * is believed if it is surely newer than what is known.
 */
class Lookout {
  private final Connectors connectors;
  private final Snapshots snapshots;
  private final TicketStore tickets;

  Lookout(Connectors connectors, Snapshots snapshots, TicketStore tickets) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.tickets = tickets;
  }

  /**
   * @param before the record as it was last known; null if it is new
   * @throws dev.lockstep.connector.Gone when it does not exist any more
   */
  Observed observe(
      Mapping mapping, Side side, RecordRef ref, @Nullable Snapshot before, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    NativeRecord told = hint == null || hint.look() ? null : hint.state();
    if (entry.doubt() || hint != null && hint.look()) {
      return fetch(mapping, side, ref, before);
    }
    if (before == null) {
      return told == null
          ? fetch(mapping, side, ref, null)
          : whole(mapping, side, ref, read(mapping, side, told, null));
    }
    if (told == null) {
      return new Observed(before, null, null);
    }
    return switch (told.version().comparedTo(before.version())) {
      case NEWER -> read(mapping, side, told, before);
      case OLDER, SAME -> new Observed(before, null, null);
      case UNSURE -> fetch(mapping, side, ref, before);
    };
  }

  /** A webhook that leaves out what is compared is not enough to begin with. */
  private Observed whole(Mapping mapping, Side side, RecordRef ref, Observed told) {
    boolean compared =
        mapping
            .duplicates()
            .map(rules -> !rules.compared(side, told.seen().values()).title().isEmpty())
            .orElse(true);
    return compared ? told : fetch(mapping, side, ref, null);
  }

  Observed fetch(Mapping mapping, Side side, RecordRef ref, @Nullable Snapshot before) {
    return read(mapping, side, connectors.fetch(ref), before);
  }

  /** Remembers a duplicate's record as it came out of a write. */
  Snapshot took(Relation relation, Side side, NativeRecord after) {
    Snapshot seen = snapshots.read(relation.mapping(), side, after, relation.seen(side));
    tickets.see(relation.duplicate().duplicate(), side, seen);
    return seen;
  }

  /** What was told of a record that a pair keeps, as far as it is the state the pair knows. */
  Observed ofPair(Snapshot seen, InboxEntry entry) {
    Hint hint = entry.hints().get(seen.ref());
    NativeRecord told = hint == null ? null : hint.state();
    boolean current =
        told != null && told.version().comparedTo(seen.version()) == Version.Order.SAME;
    return current && told != null
        ? new Observed(seen, told.primaryId(), told.openedAt())
        : new Observed(seen, null, null);
  }

  private Observed read(
      Mapping mapping, Side side, NativeRecord record, @Nullable Snapshot before) {
    return new Observed(
        snapshots.read(mapping, side, record, before), record.primaryId(), record.openedAt());
  }
}
