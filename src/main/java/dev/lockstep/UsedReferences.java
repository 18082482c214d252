package dev.lockstep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.mapping.References;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Records which fields of records are references, and to what. */
final class UsedReferences implements References {
  private final References references;
  private final Map<String, String> byPath = new TreeMap<>();

  UsedReferences(References references) {
    this.references = references;
  }

  /** Path of the id in a record to the name of the reference. */
  Map<String, String> byPath() {
    return byPath;
  }

  @Override
  public String idPath(String system, String reference, String fieldPath) {
    String path = references.idPath(system, reference, fieldPath);
    byPath.put(path, reference);
    return path;
  }

  @Override
  public Optional<String> keyPath(String system, String reference, String fieldPath) {
    return references.keyPath(system, reference, fieldPath);
  }

  @Override
  public Optional<String> keyOf(String system, String reference, String id) {
    return references.keyOf(system, reference, id);
  }

  @Override
  public Optional<String> idOf(String system, String reference, String key) {
    return references.idOf(system, reference, key);
  }

  @Override
  public JsonNode form(String system, String reference, String id) {
    return references.form(system, reference, id);
  }

  @Override
  public Optional<String> nobody(String system, String reference) {
    return references.nobody(system, reference);
  }
}
