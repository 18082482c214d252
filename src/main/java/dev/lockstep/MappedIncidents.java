package dev.lockstep;

import dev.lockstep.communication.settings.ConfiguredIncidents;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Depends on files only: who is informed is checked at start. */
@Component
record MappedIncidents(MappingRepository mappings) implements ConfiguredIncidents {
  @Override
  public Set<String> systems() {
    return mappings.usedSystems().keySet();
  }

  @Override
  public Optional<Set<String>> levels() {
    return mappings.levels();
  }
}
