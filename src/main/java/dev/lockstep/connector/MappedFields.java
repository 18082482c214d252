package dev.lockstep.connector;

import java.util.Set;

/** The fields that mappings read; calls request no others. */
public interface MappedFields {

  /** Paths in the system's own JSON. */
  Set<String> paths(String system, String kind);
}
