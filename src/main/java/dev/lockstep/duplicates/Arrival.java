package dev.lockstep.duplicates;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A ticket as it is now, to be compared.
 *
 * @param record the record its row is, or will be, named by
 * @param side the side of {@code seen}
 * @param starts whether it begins a pair, or has one
 * @param openedAt when it was opened; null where that was not told
 * @param primaryId the primary its system says it hangs under; empty: none; null: not told
 */
record Arrival(
    RecordRef record,
    Mapping mapping,
    DuplicateRules rules,
    Side side,
    Snapshot seen,
    boolean starts,
    @Nullable Instant openedAt,
    @Nullable String primaryId) {

  boolean isOver() {
    return rules.isOver(side, seen.values());
  }

  DuplicateRules.Compared compared() {
    return rules.compared(side, seen.values());
  }

  /** The record of the primary that its system names; null when it names none. */
  @Nullable RecordRef namedPrimary() {
    return primaryId == null || primaryId.isEmpty()
        ? null
        : new RecordRef(seen.ref().system(), seen.ref().kind(), primaryId);
  }
}
