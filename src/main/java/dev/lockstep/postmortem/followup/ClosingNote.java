package dev.lockstep.postmortem.followup;

import java.util.Optional;

/** What is written on an incident when it is closed, at most once for each. */
public interface ClosingNote {

  /**
   * Empty if nothing is to be written. Called once more if the process dies before it is stored.
   */
  Optional<String> text(Incident incident);
}
