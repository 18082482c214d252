package dev.lockstep.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;

/** Where something is in a JSON document: field names from the outside in; in a list, numbers. */
record JsonPath(List<String> names) {

  static JsonPath parse(String dotted) {
    return new JsonPath(List.of(dotted.split("\\.", -1)));
  }

  /** Missing when there is no such thing. */
  JsonNode in(JsonNode document) {
    JsonNode node = document;
    for (String name : names) {
      JsonNode inner =
          node.isArray() && name.matches("\\d{1,4}")
              ? node.get(Integer.parseInt(name))
              : node.get(name);
      if (inner == null) {
        return MissingNode.getInstance();
      }
      node = inner;
    }
    return node;
  }

  /** A text or number that is not blank. */
  Optional<String> textIn(JsonNode document) {
    JsonNode node = in(document);
    if (!node.isTextual() && !node.isNumber()) {
      return Optional.empty();
    }
    return Optional.of(node.asText()).filter(text -> !text.isBlank());
  }

  @Override
  public String toString() {
    return String.join(".", names);
  }
}
