package dev.lockstep.sync;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.pause.Pauses;
import dev.lockstep.record.Side;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Which pairs are held back because their mapping, or the system of one of them, is paused. */
@Component
public final class PausedMappings {
  private final Pauses pauses;
  private final MappingCatalog mappings;

  PausedMappings(Pauses pauses, MappingCatalog mappings) {
    this.pauses = pauses;
    this.mappings = mappings;
  }

  /**
   * @throws dev.lockstep.connector.PausedException if its pairs are held back
   */
  public void requireActive(Mapping mapping) {
    pauses.requireActive(mapping.name(), systems(mapping));
  }

  /** The same by name; a mapping that is not loaded is reported elsewhere. */
  void requireActive(String mapping) {
    mappings.findByName(mapping).ifPresent(this::requireActive);
  }

  boolean isActive(Mapping mapping) {
    return pauses.isActive(mapping.name(), systems(mapping));
  }

  private static Set<String> systems(Mapping mapping) {
    return Set.of(mapping.system(Side.LEFT), mapping.system(Side.RIGHT));
  }
}
