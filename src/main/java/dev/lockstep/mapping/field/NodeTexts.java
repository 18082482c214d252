package dev.lockstep.mapping.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads lists and tables of texts from YAML that passed the schema; empty if a key is missing. */
public final class NodeTexts {
  private NodeTexts() {}

  public static Set<String> list(JsonNode nodes) {
    Set<String> list = new LinkedHashSet<>();
    nodes.forEach(node -> list.add(node.asText()));
    return list;
  }

  static @Nullable String text(JsonNode node, String key) {
    return node.has(key) ? node.path(key).asText() : null;
  }

  public static Map<String, Map<String, String>> tables(JsonNode node) {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    node.properties().forEach(entry -> tables.put(entry.getKey(), texts(entry.getValue())));
    return tables;
  }

  /** Time spans such as {@code 24h}, whose form the schema has checked. */
  static Map<String, Duration> durations(JsonNode node) {
    Map<String, Duration> durations = new LinkedHashMap<>();
    texts(node).forEach((key, text) -> durations.put(key, duration(text)));
    return durations;
  }

  private static Duration duration(String text) {
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 'd' -> Duration.ofDays(number);
      case 'h' -> Duration.ofHours(number);
      case 'm' -> Duration.ofMinutes(number);
      default -> Duration.ofSeconds(number);
    };
  }

  public static Map<String, String> texts(JsonNode node) {
    return texts(node, "");
  }

  /**
   * @param key the key of the text in an entry that is an object
   */
  public static Map<String, String> texts(JsonNode node, String key) {
    Map<String, String> words = new LinkedHashMap<>();
    for (var entry : node.properties()) {
      JsonNode word = entry.getValue();
      words.put(entry.getKey(), word.isObject() ? word.path(key).asText() : word.asText());
    }
    return words;
  }
}
