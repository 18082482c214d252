package dev.lockstep;

import dev.lockstep.communication.settings.ConfiguredIncidents;
import dev.lockstep.connector.ConnectorCatalog;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Depends on files only: who is informed is checked at start. */
@Component
record MappedIncidents(MappingRepository mappings, ConnectorCatalog connectors)
    implements ConfiguredIncidents {
  @Override
  public Set<String> systems() {
    return mappings.usedSystems().keySet();
  }

  @Override
  public Optional<Set<String>> levels() {
    return mappings.levels();
  }

  @Override
  public Set<String> onCallKinds(String system) {
    return connectors.systems().contains(system) ? connectors.onCallKinds(system) : Set.of();
  }

  @Override
  public boolean hasKey(String system, String onCallKind) {
    return connectors.systems().contains(system)
        && connectors.references(system).contains(onCallKind);
  }

  @Override
  public Set<String> systemsWithoutOwnNotes() {
    return mappings.systemsWithoutOwnNotes();
  }

  @Override
  public Optional<Set<String>> fields(String system) {
    return mappings.fields(system);
  }
}
