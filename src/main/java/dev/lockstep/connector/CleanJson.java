package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.record.PlainText;

/**
 * Applies {@link PlainText#clean} to all texts of a JSON tree, so that a webhook and an API answer
 * yield the same text.
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
   * For texts outside JSON: replaces NUL and unpaired surrogates, which databases and APIs refuse.
   */
  public static String clean(String text) {
    // Encoding would replace a lone surrogate by '?', which looks like the sender's own text.
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
