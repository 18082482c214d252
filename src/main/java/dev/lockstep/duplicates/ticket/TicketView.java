package dev.lockstep.duplicates.ticket;

import dev.lockstep.inbox.Subject;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ticket with the records it has by now.
 *
 * @param pair the pair its record is in; null for a record alone
 */
public record TicketView(StoredTicket ticket, @Nullable Pair pair) {

  public @Nullable RecordRef ref(Side side) {
    if (pair != null) {
      return pair.ref(side);
    }
    return side == ticket.side() ? ticket.record() : null;
  }

  /** The record as last shown; of a duplicate whose pair has ended only the ticket knows. */
  public @Nullable Snapshot seen(Side side) {
    boolean ownSide = side == ticket.side();
    if (pair == null) {
      return ownSide ? ticket.seen() : null;
    }
    return pair.state() == Pair.State.ENDED && ownSide ? ticket.seen() : pair.seen(side);
  }

  /** Whether a record on that side may still come to be. */
  public boolean mayGainRecord(Side side) {
    return ref(side) == null
        && ticket.isOpen()
        && (pair == null ? ticket.starts() : pair.state() == Pair.State.LINKING);
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

  /** Whether its pair is kept in step. */
  public boolean isPaired() {
    return pair != null
        && (pair.state() == Pair.State.LINKING || pair.state() == Pair.State.LINKED);
  }

  /** What people call it: its ITSM record where there is one. */
  public Snapshot displayedSnapshot() {
    Snapshot left = seen(Side.LEFT);
    return left == null ? ticket.seen() : left;
  }

  /** Under which the inbox keeps what there is to do about it. */
  public Subject subject() {
    return pair == null ? new Subject.OfRecord(ticket.record()) : new Subject.OfPair(pair.id());
  }
}
