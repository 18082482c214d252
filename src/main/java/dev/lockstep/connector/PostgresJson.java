package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.ops.PostgresText;
import java.util.List;
import java.util.Map;

/** Answers as they can be stored: the one place where the character NUL is taken out of them. */
final class PostgresJson {
  private PostgresJson() {}

  /** The same tree, changed in place where a text or a property's name has NUL in it. */
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
