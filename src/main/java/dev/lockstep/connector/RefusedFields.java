package dev.lockstep.connector;

import static dev.lockstep.connector.Connector.orEmpty;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a refusal names the fields it is about.
 *
 * @param keys path of an object whose properties are fields
 * @param texts paths of texts, or lists of texts, that mention fields by name or label: {@code
 *     assignment_group} or {@code Assignment group}
 */
record RefusedFields(String keys, List<String> texts) {
  static final RefusedFields UNNAMED = new RefusedFields("", List.of());

  RefusedFields {
    keys = orEmpty(keys);
    texts = orEmpty(texts);
  }

  /** Those properties of what was sent that the answer names. */
  Set<String> named(JsonNode answer, @Nullable JsonNode sent) {
    Set<String> named = new TreeSet<>();
    if (sent == null) {
      return named;
    }
    JsonNode byKey = keys.isEmpty() ? answer.path("") : JsonPaths.at(answer, keys);
    for (String property : properties(sent)) {
      if (byKey.has(property)
          || texts.stream().anyMatch(path -> mentions(answer, path, property))) {
        named.add(property);
      }
    }
    return named;
  }

  /** A record's own properties, be they wrapped or not. */
  private static Set<String> properties(JsonNode sent) {
    Set<String> properties = new TreeSet<>();
    for (Map.Entry<String, JsonNode> field : sent.properties()) {
      properties.add(field.getKey());
      field.getValue().fieldNames().forEachRemaining(properties::add);
    }
    return properties;
  }

  private static boolean mentions(JsonNode answer, String path, String property) {
    Pattern name =
        Pattern.compile(
            "(?i)(?<![\\w])" + Pattern.quote(property).replace("_", "\\E[ _]\\Q") + "(?![\\w])");
    JsonNode found = JsonPaths.at(answer, path);
    if (!found.isArray()) {
      return name.matcher(found.asText("")).find();
    }
    for (JsonNode text : found) {
      if (name.matcher(text.asText("")).find()) {
        return true;
      }
    }
    return false;
  }
}
