package dev.lockstep.poll;

import java.util.Optional;

/** Which systems are not to be read now. */
@FunctionalInterface
public interface PausedSystems {

  /** Why the system is paused, one line; empty if it is to be read. */
  Optional<String> find(String system);
}
