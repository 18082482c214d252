package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a pair's records are now, for as few calls as that takes: a state heard of that is
 * surely newer than the one remembered is believed; where the order is unknown, or an earlier
 * attempt may have done anything, the system is asked.
 */
class PairRefresher {
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final NoteListing listing;

  PairRefresher(Connectors connectors, SnapshotReader snapshots, NoteListing listing) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.listing = listing;
  }

  /**
   * @throws dev.lockstep.connector.RecordNotFoundException when a record does not exist any more
   */
  Pair refresh(Pair pair, Mapping mapping, InboxEntry entry) {
    Pair observed = pair;
    for (Side side : Side.values()) {
      RecordRef ref = pair.ref(side);
      if (ref != null) {
        Hint hint = entry.hints().get(ref);
        observed =
            observed.seen(
                side, currentState(pair, mapping, side, ref, hint, entry.outcomeUnknown()));
        if (entry.outcomeUnknown() || hint != null && hint.notesIncomplete()) {
          observed = listing.read(observed, side);
        } else {
          observed = listing.readAgain(observed, side);
        }
      }
    }
    return observed;
  }

  /** The record as its system shows it when asked. */
  Snapshot fetch(Pair pair, Mapping mapping, Side side, RecordRef ref) {
    return snapshots.readComplete(mapping, side, connectors.fetch(ref), pair.seen(side));
  }

  /**
   * A webhook that leaves out a field the record is known to have, one added to the mapping but not
   * to the sender's script for example, may hide a change of it.
   */
  private boolean isSufficient(Mapping mapping, Side side, NativeRecord received, Snapshot seen) {
    var values = snapshots.values(mapping, side, received);
    return mapping.fields().stream()
        .filter(field -> field.flowsTo(side.other()))
        .map(FieldMapping::name)
        .allMatch(name -> values.containsKey(name) || !seen.values().containsKey(name));
  }

  private Snapshot currentState(
      Pair pair, Mapping mapping, Side side, RecordRef ref, @Nullable Hint hint, boolean doubt) {
    Snapshot seen = pair.seen(side);
    if (doubt || seen == null || hint != null && hint.mustFetch()) {
      return fetch(pair, mapping, side, ref);
    }
    if (hint == null || hint.state() == null) {
      return seen;
    }
    return switch (hint.state().version().comparedTo(seen.version())) {
      case NEWER ->
          isSufficient(mapping, side, hint.state(), seen)
              ? snapshots.read(mapping, side, hint.state(), seen)
              : fetch(pair, mapping, side, ref);
      case OLDER ->
          // A counter that went back while the clock went on: the system was restored from a
          // backup.
          hint.state().updatedAt().isAfter(seen.updatedAt())
              ? fetch(pair, mapping, side, ref)
              : seen;
      case SAME -> seen;
      case OVERLAPPING -> {
        Snapshot received = snapshots.read(mapping, side, hint.state(), seen);
        yield received.hasSameValuesAs(seen) ? seen : fetch(pair, mapping, side, ref);
      }
    };
  }
}
