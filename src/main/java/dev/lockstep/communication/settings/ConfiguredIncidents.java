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

  /** What a system can be asked for who is on call, for example {@code schedule}. */
  default Set<String> onCallKinds(String system) {
    return Set.of();
  }

  /** Whether mappings name what it is asked for by a key, which can be looked up. */
  default boolean hasKey(String system, String onCallKind) {
    return true;
  }

  /** The systems in which a mapping in use lets Lockstep write no notes of its own. */
  default Set<String> systemsWithoutOwnNotes() {
    return Set.of();
  }

  /** The fields that the mappings in use have on a system's side; empty as {@link #levels}. */
  default Optional<Set<String>> fields(String system) {
    return Optional.empty();
  }
}
