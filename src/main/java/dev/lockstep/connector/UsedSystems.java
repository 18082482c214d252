package dev.lockstep.connector;

import java.util.Set;

/** Asked at start, before anything but files and settings is there. */
@FunctionalInterface
public interface UsedSystems {

  /** The systems some mapping names: folders of others are passed over. */
  Set<String> names();
}
