package dev.lockstep.connector;

import java.util.Set;

/** Which fields of a record the mappings read, so that no more than these need be asked for. */
public interface MappedFields {

  /** Paths in the system's own JSON. */
  Set<String> paths(String system, String kind);
}
