package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.NoteDefinition.Notes;
import dev.lockstep.connector.definition.Placeholders;
import dev.lockstep.connector.text.Neutralizer;
import dev.lockstep.connector.text.TextFormat;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.PlainText;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Converts texts between plain text, which mappings use, and the formats that {@code
 * connector.yaml} declares.
 */
final class TextConverter {
  private TextConverter() {}

  /**
   * The record with all texts as plain text. A value in a format other than the declared one, as in
   * some webhooks, is removed; the field then counts as absent.
   */
  static JsonNode read(KindDefinition kind, JsonNode record) {
    if (!(record instanceof ObjectNode)
        || kind.formats().isEmpty() && kind.neutralize().isEmpty()) {
      return record;
    }
    ObjectNode read = record.deepCopy();
    kind.formats().forEach((path, format) -> read(read, path, format));
    return kind.neutralize().isEmpty() ? read : mapped(read, neutralizer(kind)::restored);
  }

  private static void read(ObjectNode record, String path, TextFormat format) {
    JsonNode value = JsonPath.find(record, path);
    format
        .read(value)
        .ifPresentOrElse(
            text -> JsonPath.put(record, path, TextNode.valueOf(text)),
            () -> {
              if (value.isTextual()) {
                JsonPath.take(record, path);
              }
            });
  }

  /** Whether {@link #read} removes a text. */
  static boolean isHidden(KindDefinition kind, JsonNode record) {
    return kind.formats().entrySet().stream()
        .anyMatch(
            entry -> {
              JsonNode value = JsonPath.find(record, entry.getKey());
              return !value.asText("").isBlank() && entry.getValue().read(value).isEmpty();
            });
  }

  /** The body to send, with its texts in the system's formats. */
  static ObjectNode send(KindDefinition kind, ObjectNode plain) {
    ObjectNode body =
        kind.neutralize().isEmpty()
            ? plain
            : (ObjectNode) mapped(plain, neutralizer(kind)::neutralized);
    kind.formats()
        .forEach(
            (path, format) -> {
              JsonNode value = JsonPath.find(body, path);
              if (value.isTextual()) {
                JsonPath.put(body, path, format.write(value.textValue()));
              }
            });
    return body;
  }

  /** The plain text of a journal entry in the format of the kind's notes. */
  static String readNote(KindDefinition kind, Notes notes, JsonNode value) {
    String text = notes.format().read(value).orElseGet(() -> value.asText(""));
    return PlainText.clean(neutralizer(kind).restored(text));
  }

  /** A note's text as a later read returns it. */
  static String toShownText(KindDefinition kind, Notes notes, String text) {
    return readNote(kind, notes, toNativeText(kind, notes, text));
  }

  private static JsonNode toNativeText(KindDefinition kind, Notes notes, String text) {
    return notes.format().write(neutralizer(kind).neutralized(text));
  }

  /** The body of a new note: the template with the record's id and the text filled in. */
  static JsonNode noteBody(
      KindDefinition kind, Notes notes, JsonNode template, String id, String text) {
    JsonNode written = toNativeText(kind, notes, text);
    Map<String, String> values = new HashMap<>(Map.of("id", id));
    if (written.isTextual()) {
      values.put("text", written.textValue());
    }
    JsonNode body =
        Placeholders.fill(template, name -> values.getOrDefault(name, "{" + name + "}"));
    return written.isTextual() ? body : filled(body, written);
  }

  private static JsonNode filled(JsonNode template, JsonNode text) {
    if (template.isTextual()) {
      return "{text}".equals(template.asText()) ? text : template;
    }
    if (template instanceof ObjectNode object) {
      ObjectNode filled = object.objectNode();
      object.properties().forEach(e -> filled.set(e.getKey(), filled(e.getValue(), text)));
      return filled;
    }
    return template;
  }

  private static Neutralizer neutralizer(KindDefinition kind) {
    return new Neutralizer(kind.neutralize());
  }

  private static JsonNode mapped(JsonNode node, UnaryOperator<String> change) {
    if (node.isTextual()) {
      return TextNode.valueOf(change.apply(node.textValue()));
    }
    if (node.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      node.forEach(item -> array.add(mapped(item, change)));
      return array;
    }
    if (node.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      node.properties()
          .forEach(field -> object.set(field.getKey(), mapped(field.getValue(), change)));
      return object;
    }
    return node;
  }
}
