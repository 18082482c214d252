package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.Connector.Kind;
import dev.lockstep.connector.adf.Adf;
import dev.lockstep.record.NoteMark;

/** Where a system keeps documents, mappings see Markdown. */
final class RichText {
  private RichText() {}

  /**
   * The record with its documents as Markdown. A text where a document belongs, as webhooks have
   * it, is in some other markup: it is taken out, so that the record counts as not telling it.
   */
  static JsonNode read(Kind kind, JsonNode record) {
    if (kind.richText().isEmpty() || !(record instanceof ObjectNode)) {
      return record;
    }
    ObjectNode read = record.deepCopy();
    for (String path : kind.richText()) {
      JsonNode value = JsonPaths.at(read, path);
      if (Adf.isDocument(value)) {
        JsonPaths.put(read, path, read.textNode(Adf.toMarkdown(value)));
      } else if (value.isTextual()) {
        JsonPaths.take(read, path);
      }
    }
    return read;
  }

  /** Whether {@link #read} leaves a text out. */
  static boolean isHidden(Kind kind, JsonNode record) {
    return kind.richText().stream().anyMatch(path -> !JsonPaths.text(record, path).isBlank());
  }

  static void send(Kind kind, ObjectNode body) {
    for (String path : kind.richText()) {
      JsonNode value = JsonPaths.at(body, path);
      if (value.isTextual()) {
        JsonPaths.put(body, path, document(value.asText()));
      }
    }
  }

  private static JsonNode document(String markdown) {
    return markdown.isBlank() ? NullNode.instance : Adf.toDocument(markdown);
  }

  /** The mark is a paragraph of its own, whatever the text leaves open before it. */
  private static JsonNode noteDocument(String text) {
    int mark = NoteMark.start(text);
    JsonNode document = Adf.toDocument(text.substring(0, mark));
    if (mark < text.length()) {
      Adf.append(document, text.substring(mark).strip());
    }
    return document;
  }

  /** A note's text as it is read again. */
  static String shown(String text) {
    return Adf.toMarkdown(noteDocument(text));
  }

  /** A note's body, the document where its text goes. */
  static JsonNode note(JsonNode template, String text) {
    if (template.isTextual()) {
      return "{text}".equals(template.asText()) ? noteDocument(text) : template;
    }
    if (template instanceof ObjectNode object) {
      ObjectNode filled = object.objectNode();
      object.properties().forEach(e -> filled.set(e.getKey(), note(e.getValue(), text)));
      return filled;
    }
    return template;
  }
}
