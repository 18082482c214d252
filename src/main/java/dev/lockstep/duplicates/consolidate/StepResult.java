package dev.lockstep.duplicates.consolidate;

import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.Leaving;
import java.util.Optional;

/**
 * What a step of a pass came to.
 *
 * @param duplicate as it was last saved
 * @param leaves why it can't stay where it is; empty: it stays
 */
record StepResult(Duplicate duplicate, Optional<Leaving> leaves) {

  static StepResult on(Duplicate duplicate) {
    return new StepResult(duplicate, Optional.empty());
  }
}
