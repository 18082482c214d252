package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.json.JsonPath;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Converts times between ISO 8601, which mappings use, and the format of a system. */
final class NativeTimes {
  private NativeTimes() {}

  /** A text that is no time stays as it is. */
  static JsonNode read(ConnectorDefinition connector, String kind, JsonNode record) {
    return converted(connector, kind, record, text -> connector.times().parse(text).toString());
  }

  static ObjectNode write(ConnectorDefinition connector, String kind, JsonNode body) {
    return (ObjectNode)
        converted(
            connector, kind, body.deepCopy(), text -> connector.times().write(Instant.parse(text)));
  }

  private static JsonNode converted(
      ConnectorDefinition connector, String kind, JsonNode record, UnaryOperator<String> convert) {
    List<String> paths = connector.kind(kind).times();
    if (paths.isEmpty() || !record.isObject()) {
      return record;
    }
    ObjectNode converted = record.deepCopy();
    for (String path : paths) {
      String text = JsonPath.text(record, path);
      if (!text.isEmpty()) {
        JsonPath.put(converted, path, TextNode.valueOf(convert(text, convert)));
      }
    }
    return converted;
  }

  private static String convert(String text, UnaryOperator<String> convert) {
    try {
      return convert.apply(text);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      return text;
    }
  }
}
