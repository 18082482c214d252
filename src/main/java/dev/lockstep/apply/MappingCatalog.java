package dev.lockstep.apply;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Optional;

/** The mappings in force. */
public interface MappingCatalog {

  /** A mapping, and the side of it a record stands on. */
  record Place(Mapping mapping, Side side) {}

  List<Place> forRecord(String system, String kind);

  Optional<Mapping> named(String name);
}
