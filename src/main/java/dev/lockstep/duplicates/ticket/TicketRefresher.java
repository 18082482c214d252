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
 * Finds out how a record that no pair keeps is now, for as few calls as that takes: what was told
 * is believed if it is surely newer than what is known.
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
   * @param before the record as it was last known; null if it is new
   * @throws dev.lockstep.connector.RecordNotFoundException when it does not exist any more
   */
  public Snapshot observe(
      Mapping mapping, Side side, RecordRef ref, @Nullable Snapshot before, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    NativeRecord told = hint == null ? null : hint.state();
    if (entry.outcomeUnknown() || hint != null && hint.mustFetch()) {
      return fetch(mapping, side, ref, before);
    }
    if (told == null) {
      return before == null ? fetch(mapping, side, ref, null) : before;
    }
    if (before == null) {
      return told.hidesTexts()
          ? fetch(mapping, side, ref, null)
          : whole(mapping, side, snapshots.read(mapping, side, told, null));
    }
    return switch (told.version().comparedTo(before.version())) {
      case NEWER -> snapshots.read(mapping, side, told, before);
      case OLDER, SAME -> before;
      case OVERLAPPING ->
          snapshots.read(mapping, side, told, before).hasSameValuesAs(before)
              ? before
              : fetch(mapping, side, ref, before);
    };
  }

  /** A webhook that leaves out what is compared is not enough to begin with. */
  private Snapshot whole(Mapping mapping, Side side, Snapshot told) {
    boolean compared =
        mapping
            .duplicates()
            .map(rules -> !rules.compared(side, told.values()).title().isEmpty())
            .orElse(true);
    return compared ? told : fetch(mapping, side, told.ref(), null);
  }

  public Snapshot fetch(Mapping mapping, Side side, RecordRef ref, @Nullable Snapshot before) {
    return snapshots.read(mapping, side, connectors.fetch(ref), before);
  }

  /**
   * Remembers a record as it came out of a write.
   *
   * @param ticket the ticket it is part of
   */
  public Snapshot took(
      RecordRef ticket, Mapping mapping, Side side, NativeRecord after, @Nullable Snapshot before) {
    Snapshot seen = snapshots.read(mapping, side, after, before);
    tickets.see(ticket, side, seen);
    return seen;
  }
}
