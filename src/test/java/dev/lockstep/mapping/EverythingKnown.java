package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;

/** Ids are keys, and references stand in records as they are. */
final class EverythingKnown implements References {

  @Override
  public Optional<String> keyOf(String system, String reference, String id) {
    return Optional.of(id);
  }

  @Override
  public Optional<String> idOf(String system, String reference, String key) {
    return Optional.of(key);
  }

  @Override
  public JsonNode form(String system, String reference, String id) {
    return TextNode.valueOf(id);
  }

  @Override
  public Optional<String> keyPath(String system, String reference, String fieldPath) {
    return Optional.empty();
  }

  @Override
  public String idPath(String system, String reference, String fieldPath) {
    return fieldPath;
  }
}
