package dev.lockstep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.ConnectorReferences;
import dev.lockstep.mapping.References;
import java.util.Optional;

/** What the mappings ask about people and groups, answered by the connectors. */
final class ConnectedReferences implements References {
  private final ConnectorReferences connectors;

  ConnectedReferences(ConnectorReferences connectors) {
    this.connectors = connectors;
  }

  @Override
  public Optional<String> keyOf(String system, String reference, String id) {
    return connectors.keyOf(system, reference, id);
  }

  @Override
  public Optional<String> idOf(String system, String reference, String key) {
    return connectors.idOf(system, reference, key);
  }

  @Override
  public JsonNode form(String system, String reference, String id) {
    return connectors.form(system, reference, id);
  }

  @Override
  public Optional<String> keyPath(String system, String reference, String fieldPath) {
    return connectors.keyPath(system, reference, fieldPath);
  }

  @Override
  public String idPath(String system, String reference, String fieldPath) {
    return connectors.idPath(system, reference, fieldPath);
  }
}
