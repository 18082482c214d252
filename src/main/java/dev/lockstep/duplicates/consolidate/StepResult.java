package dev.lockstep.duplicates.consolidate;

import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import java.util.Optional;

/**
 * What a step of a pass came to.
 *
 * @param duplicate as it was last saved
 * @param leaves why it can't stay where it is; empty: it stays
 */
record StepResult(Duplicate duplicate, Optional<UnlinkReason> unlinkReason) {

  static StepResult of(Duplicate duplicate) {
    return new StepResult(duplicate, Optional.empty());
  }
}
