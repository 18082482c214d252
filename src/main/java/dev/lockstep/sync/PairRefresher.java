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
 * Determines the current state of a pair's records with as few calls as possible. A received state
 * that is certainly newer than the stored one is used as is; if the order is unknown, or an earlier
 * attempt had an unknown outcome, the record is fetched.
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
   * @throws dev.lockstep.connector.RecordNotFoundException if a record no longer exists
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

  /** Fetches the record. */
  Snapshot fetch(Pair pair, Mapping mapping, Side side, RecordRef ref) {
    return snapshots.readComplete(mapping, side, connectors.fetch(ref), pair.seen(side));
  }

  /**
   * A webhook that omits a field the record is known to have, for example one added to the mapping
   * but not to the sender's script, may hide a change of that field.
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
          // The counter went back although time advanced: the system was restored from a backup.
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
