package dev.lockstep.communication.settings;

import java.util.Optional;
import java.util.Set;

/** What the mappings in use say of incidents. Available at start, before the database. */
public interface ConfiguredIncidents {

  /** The systems of the mappings in use. */
  Set<String> systems();

  /**
   * The levels of their sections {@code incident}; empty if the mappings cannot be read, which is
   * reported elsewhere.
   */
  Optional<Set<String>> levels();
}
