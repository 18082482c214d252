package dev.lockstep.duplicates.ticket;

import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A ticket with its present records.
 *
 * @param pair the pair of its record; null for an unpaired record
 */
public record TicketView(StoredTicket ticket, @Nullable Pair pair) {

  public @Nullable RecordRef ref(Side side) {
    if (pair != null) {
      return pair.ref(side);
    }
    return side == ticket.side() ? ticket.record() : null;
  }

  /** The last known snapshot on a side; after the pair has ended, that of the ticket. */
  public @Nullable Snapshot seen(Side side) {
    boolean ownSide = side == ticket.side();
    if (pair == null) {
      return ownSide ? ticket.seen() : null;
    }
    return pair.state() == Pair.State.ENDED && ownSide ? ticket.seen() : pair.seen(side);
  }

  /** Whether a record on that side may still be created. */
  public boolean mayGainRecord(Side side) {
    return ref(side) == null
        && ticket.isOpen()
        && (pair == null ? ticket.starts() : pair.state() == Pair.State.LINKING);
  }

  /**
   * Whether it can become a duplicate of another ticket, which exists, because some system can link
   * the two.
   *
   * @param consolidates whether the system of a record can link such records
   */
  public boolean canBeLinkedTo(TicketView primary, Predicate<RecordRef> consolidates) {
    return !primary.ticket().deleted()
        && Stream.of(Side.values()).anyMatch(side -> canBeLinkedTo(primary, side, consolidates));
  }

  private boolean canBeLinkedTo(TicketView primary, Side side, Predicate<RecordRef> consolidates) {
    RecordRef ref = ref(side) == null ? primary.ref(side) : ref(side);
    return ref != null
        && hasOrMayGainRecord(side)
        && primary.hasOrMayGainRecord(side)
        && consolidates.test(ref);
  }

  private boolean hasOrMayGainRecord(Side side) {
    return ref(side) != null || mayGainRecord(side);
  }

  public List<RecordRef> records() {
    List<RecordRef> records = new ArrayList<>();
    for (Side side : Side.values()) {
      RecordRef ref = ref(side);
      if (ref != null) {
        records.add(ref);
      }
    }
    return records;
  }

  /** Whether its pair is being synced. */
  public boolean isPaired() {
    return pair != null
        && (pair.state() == Pair.State.LINKING || pair.state() == Pair.State.LINKED);
  }

  /** The snapshot to show to users: that of the ITSM record, if there is one. */
  public Snapshot displayedSnapshot() {
    Snapshot left = seen(Side.LEFT);
    return left == null ? ticket.seen() : left;
  }
}
