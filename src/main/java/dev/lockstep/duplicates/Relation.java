package dev.lockstep.duplicates;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A duplicate in hand, with all that is known of the two tickets.
 *
 * @param observed the duplicate's record as it is now; null where only a pair knows
 * @param doubt an earlier attempt may have done anything: systems are asked before they are told
 */
record Relation(
    Duplicate duplicate,
    Standing own,
    Standing primary,
    Mapping mapping,
    DuplicateRules rules,
    @Nullable Observed observed,
    boolean doubt) {

  Relation with(Duplicate changed) {
    return new Relation(changed, own, primary, mapping, rules, observed, doubt);
  }

  /** Whether the primary's record on that side is one nobody works on any more. */
  boolean primaryIsOver(Side side) {
    Snapshot seen = primary.seen(side);
    return seen != null && rules.isOver(side, seen.values());
  }

  /** What is known of the duplicate's record on that side. */
  @Nullable Snapshot seen(Side side) {
    return observed != null && observed.seen().ref().equals(own.ref(side))
        ? observed.seen()
        : own.seen(side);
  }

  boolean isClosed(Side side) {
    Snapshot seen = seen(side);
    return seen != null && mapping.isClosed(side, seen.values());
  }

  /** What people call the primary: its ITSM record where there is one. */
  String primaryKey() {
    for (Side side : Side.values()) {
      Snapshot seen = primary.seen(side);
      if (seen != null) {
        return seen.key();
      }
    }
    return primary.ticket().seen().key();
  }

  /** Whether that record is the primary's. */
  boolean isPrimarys(Side side, String id) {
    RecordRef ref = primary.ref(side);
    return ref != null && ref.id().equals(id);
  }
}
