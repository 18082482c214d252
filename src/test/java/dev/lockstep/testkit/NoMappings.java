package dev.lockstep.testkit;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.sync.MappingCatalog;
import java.util.List;
import java.util.Optional;

/** A catalog without mappings. */
public final class NoMappings implements MappingCatalog {
  @Override
  public List<Mapping> all() {
    return List.of();
  }

  @Override
  public List<Mappings.MappedSide> forRecord(String system, String kind) {
    return List.of();
  }

  @Override
  public Optional<Mapping> findByName(String name) {
    return Optional.empty();
  }
}
