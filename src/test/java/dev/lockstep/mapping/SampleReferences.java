package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names things as the two real systems do: one flat with dotted keys, one in nested objects. */
final class SampleReferences implements References {

  private final Map<String, String> keys = new HashMap<>();
  private final Map<String, String> nobody = new HashMap<>();
  private final Set<String> refused = new HashSet<>();

  /** Makes an id known under its key. */
  SampleReferences with(String system, String reference, String id, String key) {
    keys.put(system + " " + reference + " " + id, key);
    return this;
  }

  /** Makes look-ups of this id, or key, be refused. */
  SampleReferences refusing(String system, String reference, String what) {
    refused.add(system + " " + reference + " " + what);
    return this;
  }

  /** Makes this id stand for none. */
  SampleReferences nobody(String system, String reference, String id) {
    nobody.put(system + " " + reference, id);
    return this;
  }

  @Override
  public Optional<String> nobody(String system, String reference) {
    return Optional.ofNullable(nobody.get(system + " " + reference));
  }

  private void answer(String call, String system, String reference, String what) {
    if (refused.contains(system + " " + reference + " " + what)) {
      throw new ReferenceLookupException(
          "403 for " + call + "-" + reference + ". Needs a permission.",
          new IllegalStateException());
    }
  }

  @Override
  public Optional<String> keyOf(String system, String reference, String id) {
    answer("fetch", system, reference, id);
    return Optional.ofNullable(keys.get(system + " " + reference + " " + id));
  }

  @Override
  public Optional<String> idOf(String system, String reference, String key) {
    answer("find", system, reference, key);
    String prefix = system + " " + reference + " ";
    return keys.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix) && entry.getValue().equals(key))
        .map(entry -> entry.getKey().substring(prefix.length()))
        .findFirst();
  }

  @Override
  public JsonNode form(String system, String reference, String id) {
    return system.equals("servicenow")
        ? TextNode.valueOf(id)
        : JsonNodeFactory.instance
            .objectNode()
            .put("id", id)
            .put("type", reference.replace('-', '_') + "_reference");
  }

  @Override
  public Optional<String> keyPath(String system, String reference, String fieldPath) {
    if (system.equals("servicenow")) {
      return Optional.of(fieldPath + (reference.equals("user") ? ".email" : ".name"));
    }
    return reference.equals("user") ? Optional.empty() : Optional.of(fieldPath + ".summary");
  }

  @Override
  public String idPath(String system, String reference, String fieldPath) {
    return system.equals("servicenow") ? fieldPath : fieldPath + ".id";
  }
}
