package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The validated mappings in use; never empty. */
public final class Mappings {

  private final List<FileMapping> all;

  Mappings(List<FileMapping> all) {
    this.all = List.copyOf(all);
  }

  /** A mapping and one of its sides. */
  public record MappedSide(Mapping mapping, Side side) {}

  public List<Mapping> all() {
    return List.copyOf(all);
  }

  /**
   * The same mappings with every record in scope, for test runs with records that would be out of
   * scope.
   */
  public Mappings withEverythingInScope() {
    return new Mappings(all.stream().map(FileMapping::withEverythingInScope).toList());
  }

  public Optional<Mapping> findByName(String name) {
    return all().stream().filter(mapping -> mapping.name().equals(name)).findFirst();
  }

  /** The mappings of this record kind; several if it is paired with more than one system. */
  public List<MappedSide> forRecord(String system, String kind) {
    List<MappedSide> places = new ArrayList<>();
    forEach(system, kind, (mapping, side) -> places.add(new MappedSide(mapping, side)));
    return List.copyOf(places);
  }

  /** By mapping that creates records of this kind, all paths that it may create them with. */
  public Map<String, Set<String>> pathsAtCreation(String system, String kind) {
    Map<String, Set<String>> paths = new TreeMap<>();
    forEach(
        system,
        kind,
        (mapping, side) -> {
          if (mapping.mayStart(side.other())) {
            paths.put(mapping.name(), mapping.pathsAtCreation(side));
          }
        });
    return paths;
  }

  /** By mapping, all paths that it may write to records of this kind that exist. */
  public Map<String, Set<String>> pathsOfUpdates(String system, String kind) {
    Map<String, Set<String>> paths = new TreeMap<>();
    forEach(
        system,
        kind,
        (mapping, side) -> {
          if (!mapping.pathsOfUpdates(side).isEmpty()) {
            paths.put(mapping.name(), mapping.pathsOfUpdates(side));
          }
        });
    return paths;
  }

  /**
   * By mapping, the states to which it may change a field of such records that exist, with the
   * paths that it writes with each; a mapping that may change it to any value has none.
   */
  public Map<String, Map<String, Set<String>>> statesOf(String system, String kind, String path) {
    Map<String, Map<String, Set<String>>> states = new TreeMap<>();
    forEach(
        system, kind, (mapping, side) -> states.put(mapping.name(), mapping.statesOf(side, path)));
    return states;
  }

  private void forEach(String system, String kind, BiConsumer<FileMapping, Side> use) {
    for (FileMapping mapping : all) {
      for (Side side : Side.values()) {
        if (mapping.system(side).equals(system) && mapping.kind(side).equals(kind)) {
          use.accept(mapping, side);
        }
      }
    }
  }

  /** All paths that the mappings read in a record of this kind, as the connector names them. */
  public Set<String> paths(String system, String kind, References references) {
    Set<String> paths = new LinkedHashSet<>();
    for (MappedSide place : forRecord(system, kind)) {
      paths.addAll(place.mapping().paths(place.side(), references));
    }
    return paths;
  }

  /** By reference, the keys that the mappings list for the fields of such records. */
  public Map<String, Set<String>> listedKeys(String system, String kind) {
    Map<String, Set<String>> keys = new TreeMap<>();
    for (FileMapping mapping : all) {
      for (Side side : Side.values()) {
        if (mapping.system(side).equals(system) && mapping.kind(side).equals(kind)) {
          mapping.mappedFields().forEach(field -> field.addListedKeys(side, keys));
        }
      }
    }
    return keys;
  }
}
