package dev.lockstep.duplicates.consolidate;

import dev.lockstep.duplicates.ticket.Duplicate.Resolution;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.Optional;

/**
 * What follows for a linked child from the status of its primary.
 *
 * @param primary the status of the primary's record
 * @param isOpen whether the child's record is neither resolved nor closed
 * @param resolution whether the primary's resolution was propagated
 */
record ChildDecision(PrimaryStatus primary, boolean isOpen, Resolution resolution) {

  /** The status of a primary, as far as its children are concerned. */
  enum PrimaryStatus {
    OPEN,
    RESOLVED,
    /** No longer worked on, and not resolved: cancelled, for example. */
    CANCELLED
  }

  /** What happens to the child's record. */
  enum Step {
    NONE,
    /** It is resolved as its primary is. */
    RESOLVE,
    /** It is resolved already, by an operator, its system or an earlier attempt. */
    RECORD_RESOLVED,
    /** It is reopened as its primary is. */
    REOPEN,
    /** Its primary was resolved before the two were linked; the next resolution is propagated. */
    AWAIT_RESOLUTION
  }

  static ChildDecision of(
      DuplicateRules rules, Side side, Snapshot primary, Snapshot child, Resolution resolution) {
    PrimaryStatus status =
        rules.isResolved(side, primary.values())
            ? PrimaryStatus.RESOLVED
            : rules.isResolvedOrClosed(side, primary.values())
                ? PrimaryStatus.CANCELLED
                : PrimaryStatus.OPEN;
    return new ChildDecision(status, !rules.isResolvedOrClosed(side, child.values()), resolution);
  }

  /** Why it is no longer a duplicate; to be confirmed where what is known may be outdated. */
  Optional<UnlinkReason> unlinkReason() {
    if (primary == PrimaryStatus.CANCELLED) {
      return Optional.of(UnlinkReason.PRIMARY_ENDED);
    }
    boolean reopened =
        primary == PrimaryStatus.RESOLVED && isOpen && resolution == Resolution.PROPAGATED;
    return reopened ? Optional.of(UnlinkReason.REOPENED) : Optional.empty();
  }

  /** What happens to a child that stays linked. */
  Step step() {
    if (primary == PrimaryStatus.RESOLVED) {
      return switch (resolution) {
        case OPEN, PROPAGATING -> isOpen ? Step.RESOLVE : Step.RECORD_RESOLVED;
        case PROPAGATED, SKIPPED -> Step.NONE;
      };
    }
    return switch (resolution) {
      case OPEN -> Step.NONE;
      case PROPAGATING, PROPAGATED -> Step.REOPEN;
      case SKIPPED -> Step.AWAIT_RESOLUTION;
    };
  }
}
