package dev.lockstep.connector;

import java.util.Map;
import java.util.Set;

/** Asked at start, before anything but files and settings is there. */
@FunctionalInterface
public interface ActiveSystems {

  /** The systems that mappings name, and the names of those mappings; other folders are ignored. */
  Map<String, Set<String>> mappings();
}
