package dev.lockstep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.ConnectorReferences;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.References;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Resolves the mappings' references with the connectors. */
@Component
final class ConnectedReferences implements References {
  private final ConnectorReferences connectors;

  ConnectedReferences(ConnectorReferences connectors) {
    this.connectors = connectors;
  }

  @Override
  public Optional<String> keyOf(String system, String reference, String id) {
    return lookUp(() -> connectors.keyOf(system, reference, id));
  }

  @Override
  public Optional<String> idOf(String system, String reference, String key) {
    return lookUp(() -> connectors.idOf(system, reference, key));
  }

  private static <T> T lookUp(Supplier<T> lookup) {
    try {
      return lookup.get();
    } catch (RequestRejectedException e) {
      throw new ReferenceLookupException(
          "%s returned %d (%s). %s".formatted(e.request(), e.status(), e.answer(), e.advice()), e);
    }
  }

  @Override
  public JsonNode form(String system, String reference, String id) {
    return connectors.form(system, reference, id);
  }

  @Override
  public Optional<String> nobody(String system, String reference) {
    return connectors.nobody(system, reference);
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
