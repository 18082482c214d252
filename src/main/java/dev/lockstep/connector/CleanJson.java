package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.record.PlainText;

/**
 * JSON of other systems, its texts {@linkplain PlainText#clean clean} however it came, so that a
 * webhook and an answer show the same text.
 */
public final class CleanJson {
  private static final char REPLACEMENT = '\uFFFD';

  private CleanJson() {}

  public static JsonNode clean(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode clean = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(e -> clean.set(clean(e.getKey()), clean(e.getValue())));
      return clean;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode clean = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(element -> clean.add(clean(element)));
      return clean;
    }
    return node.isTextual()
        ? JsonNodeFactory.instance.textNode(PlainText.clean(node.textValue()))
        : node;
  }

  /**
   * A text that is no JSON value, without the characters that no database and no API takes: NUL and
   * halves of surrogate pairs.
   */
  public static String clean(String text) {
    // Encoding puts '?' for a lone surrogate, which would look like something the sender wrote.
    StringBuilder clean = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        clean = clean == null ? new StringBuilder(text) : clean;
        clean.setCharAt(i, REPLACEMENT);
      }
    }
    return clean == null ? text : clean.toString();
  }
}
