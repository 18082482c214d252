package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills the body template of a query. {@code {argument}} in a text is replaced; a text that
 * consists of {@code {list:fields}} becomes a list, one of {@code {number:limit}} a number; a
 * property whose argument is empty is omitted.
 */
final class RequestTemplate {
  private static final Pattern WHOLE = Pattern.compile("\\{(?:(list|number):)?(\\w+)}");

  private RequestTemplate() {}

  static JsonNode fill(JsonNode template, Map<String, String> arguments) {
    if (template.isTextual()) {
      return text(template.asText(), arguments);
    }
    if (template.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      template.forEach(item -> array.add(fill(item, arguments)));
      return array;
    }
    if (template.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : template.properties()) {
        JsonNode value = fill(field.getValue(), arguments);
        if (!value.isMissingNode()) {
          object.set(field.getKey(), value);
        }
      }
      return object;
    }
    return template;
  }

  private static JsonNode text(String text, Map<String, String> arguments) {
    Matcher whole = WHOLE.matcher(text);
    if (!whole.matches()) {
      return JsonNodeFactory.instance.textNode(
          Placeholders.fill(text, name -> arguments.getOrDefault(name, "")));
    }
    String value = arguments.getOrDefault(whole.group(2), "");
    if (value.isEmpty()) {
      return MissingNode.getInstance();
    }
    if ("number".equals(whole.group(1))) {
      return JsonNodeFactory.instance.numberNode(Long.parseLong(value));
    }
    if ("list".equals(whole.group(1))) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      for (String item : value.split(",", -1)) {
        list.add(item);
      }
      return list;
    }
    return JsonNodeFactory.instance.textNode(value);
  }
}
