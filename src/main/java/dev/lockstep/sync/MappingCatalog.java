package dev.lockstep.sync;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import java.util.List;
import java.util.Optional;

/** The loaded mappings. */
public interface MappingCatalog {

  List<Mapping> all();

  List<Mappings.MappedSide> forRecord(String system, String kind);

  Optional<Mapping> findByName(String name);
}
