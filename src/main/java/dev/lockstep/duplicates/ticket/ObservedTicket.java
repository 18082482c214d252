package dev.lockstep.duplicates.ticket;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
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

  /** The record of the primary that its own system shows; null if there is none. */
  public @Nullable RecordRef namedPrimary() {
    String primaryId = state.primaryId();
    return primaryId == null || primaryId.isEmpty()
        ? null
        : new RecordRef(state.ref().system(), state.ref().kind(), primaryId);
  }
}
