package dev.lockstep.duplicates.consolidate;

import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import java.util.Optional;

/**
 * The result of a reconciliation step.
 *
 * @param duplicate as last saved
 * @param unlinkReason why it must be unlinked; empty: it stays linked
 */
record StepResult(Duplicate duplicate, Optional<UnlinkReason> unlinkReason) {

  static StepResult of(Duplicate duplicate) {
    return new StepResult(duplicate, Optional.empty());
  }
}
