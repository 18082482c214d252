package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lockstep.connector.definition.Placeholders;
import dev.lockstep.connector.definition.ReferenceDefinition;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Resolves references such as users and groups between systems. Look-ups are cached and throw as
 * {@link Connectors} does.
 */
public final class ConnectorReferences {
  private final ConnectorCatalog catalog;
  private final Supplier<Connectors> connectors;

  public ConnectorReferences(ConnectorCatalog catalog, Supplier<Connectors> connectors) {
    this.catalog = catalog;
    this.connectors = connectors;
  }

  public Optional<String> keyOf(String system, String reference, String id) {
    return connectors.get().keyOf(system, reference, id);
  }

  public Optional<String> idOf(String system, String reference, String key) {
    return connectors.get().idOf(system, reference, key);
  }

  /** The JSON form in which the system takes a reference to {@code id}. */
  public JsonNode form(String system, String reference, String id) {
    JsonNode form = declared(system, reference).form();
    return form == null || form.isMissingNode() || form.isNull()
        ? JsonNodeFactory.instance.textNode(id)
        : Placeholders.fill(form, hole -> id);
  }

  /** The id that stands for none, where a field of this reference type is never empty. */
  public Optional<String> nobody(String system, String reference) {
    return Optional.of(declared(system, reference).nobody()).filter(id -> !id.isEmpty());
  }

  /** Path of the key next to the field, if the system shows it in the record. */
  public Optional<String> keyPath(String system, String reference, String fieldPath) {
    String path = declared(system, reference).beside().key();
    return path.isEmpty() ? Optional.empty() : Optional.of(Placeholders.fill(path, h -> fieldPath));
  }

  /** Path of the field's id in a record. */
  public String idPath(String system, String reference, String fieldPath) {
    return Placeholders.fill(declared(system, reference).beside().id(), hole -> fieldPath);
  }

  private ReferenceDefinition declared(String system, String reference) {
    return catalog.connector(system).reference(reference);
  }
}
