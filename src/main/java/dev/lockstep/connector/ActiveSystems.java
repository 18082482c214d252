package dev.lockstep.connector;

import java.util.Map;
import java.util.Set;

/** The systems that mappings use. Called at start, when only files and settings are available. */
@FunctionalInterface
public interface ActiveSystems {

  /** System to the names of the mappings that use it; other connector folders are ignored. */
  Map<String, Set<String>> mappings();
}
