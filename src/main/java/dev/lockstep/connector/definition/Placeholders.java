package dev.lockstep.connector.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.json.JsonPath;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with {@code {name}} in them; in a text filled from a record, the name is a path. */
public final class Placeholders {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]+)}");

  private Placeholders() {}

  /** Fills every {@code {path}} from the record. Empty when one of the values is. */
  public static String fill(String template, JsonNode record) {
    return names(template).stream().anyMatch(path -> JsonPath.text(record, path).isEmpty())
        ? ""
        : fill(template, path -> JsonPath.text(record, path));
  }

  public static String fill(String template, UnaryOperator<String> value) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(found -> Matcher.quoteReplacement(value.apply(found.group(1))));
  }

  /** The same tree, every text in it filled. */
  public static JsonNode fill(JsonNode template, UnaryOperator<String> value) {
    if (template.isTextual()) {
      return JsonNodeFactory.instance.textNode(fill(template.asText(), value));
    }
    if (template.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      template.forEach(item -> array.add(fill(item, value)));
      return array;
    }
    if (template.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : template.properties()) {
        object.set(field.getKey(), fill(field.getValue(), value));
      }
      return object;
    }
    return template;
  }

  public static Set<String> names(String template) {
    Set<String> names = new TreeSet<>();
    Matcher found = PLACEHOLDER.matcher(template);
    while (found.find()) {
      names.add(found.group(1));
    }
    return names;
  }
}
