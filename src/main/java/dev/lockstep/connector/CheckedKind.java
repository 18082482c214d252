package dev.lockstep.connector;

import dev.lockstep.connector.definition.KindDefinition;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A record kind that mappings use.
 *
 * @param paths the fields that the mappings read
 * @param references path of an id in a record to the reference that resolves it
 * @param keys reference to the keys that the mappings list
 * @param created by mapping, the paths that it writes to a new record; only mappings that create
 *     such records
 * @param updated by mapping, the paths that it writes to an existing record
 * @param moved by mapping and by state to which it moves records by a transition, the paths that it
 *     writes with it
 */
public record CheckedKind(
    String system,
    String kind,
    Set<String> paths,
    Map<String, String> references,
    Map<String, Set<String>> keys,
    Map<String, Set<String>> created,
    Map<String, Set<String>> updated,
    Map<String, Map<String, Set<String>>> moved) {
  /** No record and no object has this correlation id or key. */
  static final String NOWHERE = "lockstep-check";

  public CheckedKind {
    paths = Set.copyOf(paths);
    references = Map.copyOf(references);
    keys = Map.copyOf(keys);
    created = Map.copyOf(created);
    updated = Map.copyOf(updated);
    moved = Map.copyOf(moved);
  }

  /** The fields that the mappings read, and those that identify a record. */
  Set<String> fields(KindDefinition declared) {
    Set<String> fields = new TreeSet<>(declared.ownFields());
    fields.addAll(paths);
    return fields;
  }
}
