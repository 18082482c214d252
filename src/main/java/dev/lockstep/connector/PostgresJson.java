package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.ops.database.PostgresText;
import java.util.List;
import java.util.Map;

/** Removes NUL from JSON answers, since PostgreSQL cannot store it. */
final class PostgresJson {
  private PostgresJson() {}

  /** The same tree, modified in place where a text or a property name contains NUL. */
  static JsonNode removeNul(JsonNode tree) {
    if (tree.isTextual()) {
      String text = tree.textValue();
      String clean = PostgresText.removeNul(text);
      return clean.equals(text) ? tree : TextNode.valueOf(clean);
    }
    if (tree instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, removeNul(array.get(i)));
      }
    } else if (tree instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
        String name = PostgresText.removeNul(field.getKey());
        if (!name.equals(field.getKey())) {
          object.remove(field.getKey());
        }
        object.set(name, removeNul(field.getValue()));
      }
    }
    return tree;
  }
}
