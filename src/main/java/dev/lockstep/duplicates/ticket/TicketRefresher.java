package dev.lockstep.duplicates.ticket;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.SnapshotReader;
import org.jspecify.annotations.Nullable;

/**
 * Determines the current state of a record outside of a synced pair, with as few calls as possible:
 * the state in a webhook is trusted if it is certainly newer than the known one, else the record is
 * fetched.
 */
public class TicketRefresher {
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final TicketStore tickets;

  public TicketRefresher(Connectors connectors, SnapshotReader snapshots, TicketStore tickets) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.tickets = tickets;
  }

  /**
   * @param before the last known snapshot; null for a new record
   * @throws dev.lockstep.connector.RecordNotFoundException if the record does not exist any more
   */
  public Snapshot refresh(
      Mapping mapping, Side side, RecordRef ref, @Nullable Snapshot before, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    NativeRecord reported = hint == null ? null : hint.state();
    if (entry.outcomeUnknown() || hint != null && hint.mustFetch()) {
      return fetch(mapping, side, ref, before);
    }
    if (reported == null) {
      return before == null ? fetch(mapping, side, ref, null) : before;
    }
    if (before == null) {
      return reported.hidesTexts()
          ? fetch(mapping, side, ref, null)
          : completeOrFetch(mapping, side, snapshots.read(mapping, side, reported, null));
    }
    return switch (reported.version().comparedTo(before.version())) {
      case NEWER -> snapshots.read(mapping, side, reported, before);
      case OLDER, SAME -> before;
      case OVERLAPPING ->
          snapshots.read(mapping, side, reported, before).hasSameValuesAs(before)
              ? before
              : fetch(mapping, side, ref, before);
    };
  }

  /** A webhook without the compared fields is not sufficient for a new record. */
  private Snapshot completeOrFetch(Mapping mapping, Side side, Snapshot reported) {
    boolean compared =
        mapping
            .duplicates()
            .map(rules -> !rules.compared(side, reported.values()).title().isEmpty())
            .orElse(true);
    return compared ? reported : fetch(mapping, side, reported.ref(), null);
  }

  public Snapshot fetch(Mapping mapping, Side side, RecordRef ref, @Nullable Snapshot before) {
    return snapshots.read(mapping, side, connectors.fetch(ref), before);
  }

  /**
   * Saves a record as returned by a write.
   *
   * @param ticket the ticket it belongs to
   */
  public Snapshot saveWritten(
      RecordRef ticket, Mapping mapping, Side side, NativeRecord after, @Nullable Snapshot before) {
    Snapshot seen = snapshots.read(mapping, side, after, before);
    tickets.saveSnapshot(ticket, side, seen);
    return seen;
  }
}
