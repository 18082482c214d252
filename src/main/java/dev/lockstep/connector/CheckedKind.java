package dev.lockstep.connector;

import java.util.Map;
import java.util.Set;

/**
 * A record kind that mappings use.
 *
 * @param paths the fields that the mappings read
 * @param references path of an id in a record to the reference that resolves it
 */
public record CheckedKind(
    String system, String kind, Set<String> paths, Map<String, String> references) {
  public CheckedKind {
    paths = Set.copyOf(paths);
    references = Map.copyOf(references);
  }
}
