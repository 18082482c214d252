package dev.lockstep.duplicates.consolidate;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.duplicates.ticket.TicketView;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A duplicate being processed, with both tickets.
 *
 * @param outcomeUnknown an earlier attempt failed with an unknown outcome, so that any write may
 *     have been made
 */
record DuplicateContext(
    Duplicate duplicate,
    TicketView own,
    TicketView primary,
    Mapping mapping,
    DuplicateRules rules,
    boolean outcomeUnknown) {

  DuplicateContext with(Duplicate changed) {
    return new DuplicateContext(changed, own, primary, mapping, rules, outcomeUnknown);
  }

  /** The last known snapshot of the duplicate's record on that side. */
  @Nullable Snapshot seen(Side side) {
    return own.seen(side);
  }

  /** Whether the primary's record on that side is resolved or closed. */
  boolean isPrimaryResolvedOrClosed(Side side) {
    Snapshot seen = primary.seen(side);
    return seen != null && rules.isResolvedOrClosed(side, seen.values());
  }

  boolean isClosed(Side side) {
    Snapshot seen = own.seen(side);
    return seen != null && mapping.isClosed(side, seen.values());
  }

  /**
   * Whether the duplicate's caller may read the primary's public comments: an operator decided that
   * the two are the same, or both have the same audience. Equal texts prove nothing, since anybody
   * can copy them.
   */
  boolean sharesTexts(Side side) {
    Snapshot lead = primary.seen(side);
    Snapshot updater = own.seen(side);
    if (!duplicate.decidedBy().equals(DuplicateFindings.LOCKSTEP)) {
      return true;
    }
    if (lead == null
        || updater == null
        || !rules.inScope(side, lead.values())
        || !rules.inScope(side, updater.values())) {
      return false;
    }
    List<String> audience = rules.audience(side, lead.values());
    return !audience.isEmpty() && audience.equals(rules.audience(side, updater.values()));
  }

  /** Whether the duplicate's pair was ended by a merge. */
  boolean isEnded() {
    Pair pair = own.pair();
    return pair != null && pair.state() == Pair.State.ENDED;
  }

  /** Whether the id is that of the primary's record. */
  boolean isPrimaryRecord(Side side, String id) {
    RecordRef ref = primary.ref(side);
    return ref != null && ref.id().equals(id);
  }

  /** Saves the duplicate's record as returned by a write. */
  Snapshot saveWritten(TicketRefresher refresher, NativeRecord after) {
    return refresher.saveWritten(after).in(mapping.name());
  }
}
