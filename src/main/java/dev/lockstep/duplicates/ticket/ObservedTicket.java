package dev.lockstep.duplicates.ticket;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A ticket in its current state, to be compared.
 *
 * @param record the record that identifies its row
 * @param side the side of {@code state}
 * @param starts whether it starts a pair, or has one
 */
public record ObservedTicket(
    RecordRef record,
    Mapping mapping,
    DuplicateRules rules,
    Side side,
    RecordState state,
    boolean starts) {

  public Snapshot seen() {
    return state.in(mapping.name());
  }

  public boolean isResolvedOrClosed() {
    return rules.isResolvedOrClosed(side, seen().values());
  }

  public DuplicateRules.Compared compared() {
    return rules.compared(side, seen().values());
  }

  /**
   * Whether it is compared if it is new: resolved and closed tickets only if they changed since.
   */
  public boolean isComparable(Instant closedSince) {
    return isInScope() && (!isResolvedOrClosed() || seen().updatedAt().isAfter(closedSince));
  }

  private boolean isInScope() {
    return rules.inScope(side, seen().values());
  }

  /**
   * The row to store; what is not compared is kept from the known row.
   *
   * @param known as stored; null if it is new
   */
  public StoredTicket toStoredTicket(@Nullable StoredTicket known, Instant now) {
    Instant opened = seen().openedAt();
    Instant openedAt = opened == null ? now : opened;
    Instant closedAt = known == null ? seen().updatedAt() : known.isOpen() ? now : known.closedAt();
    return new StoredTicket(
        record,
        mapping.name(),
        known == null ? side : known.side(),
        isInScope() ? TicketTextLimits.bounded(compared()) : TicketTextLimits.NOTHING,
        known == null ? openedAt : known.openedAt(),
        isResolvedOrClosed() ? closedAt : null,
        starts,
        false,
        false,
        known == null ? state : known.state(),
        known == null ? null : known.embedding(),
        known == null ? 0 : known.revision());
  }

  /** The record of the primary that its own system shows; null if there is none. */
  public @Nullable RecordRef namedPrimary() {
    String primaryId = state.primaryId();
    return primaryId == null || primaryId.isEmpty()
        ? null
        : new RecordRef(state.ref().system(), state.ref().kind(), primaryId);
  }
}
