package dev.lockstep.connector.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.record.PlainText;
import java.util.Set;
import org.nibor.autolink.LinkExtractor;
import org.nibor.autolink.LinkSpan;
import org.nibor.autolink.LinkType;
import org.nibor.autolink.Span;

/**
 * The Atlassian Document Format.
 *
 * @see <a
 *     href="https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/">Structure
 *     of a document</a>
 */
final class Adf {
  private static final LinkExtractor LINKS =
      LinkExtractor.builder().linkTypes(Set.of(LinkType.URL)).build();

  private Adf() {}

  /** Whether the value is a document, as opposed to a text. */
  static boolean isDocument(JsonNode node) {
    return node.isObject() && "doc".equals(node.path("type").asText());
  }

  /** All text of a document, including that of unknown nodes. */
  static String toPlain(JsonNode document) {
    return PlainText.normalize(new AdfReader().blocks(document.path("content")));
  }

  /**
   * A document that shows the text literally, with no character interpreted as markup. Web
   * addresses become links.
   *
   * @return a document without content for a blank text
   */
  static ObjectNode fromPlain(String plain) {
    ObjectNode document = node("doc").put("version", 1);
    ArrayNode content = document.putArray("content");
    for (String paragraph : PlainText.paragraphs(PlainText.normalize(plain))) {
      ArrayNode inline = content.addObject().put("type", "paragraph").putArray("content");
      String[] lines = paragraph.split("\n", -1);
      for (int i = 0; i < lines.length; i++) {
        if (i > 0) {
          inline.add(node("hardBreak"));
        }
        addLine(lines[i], inline);
      }
    }
    return document;
  }

  private static void addLine(String line, ArrayNode inline) {
    for (Span span : LINKS.extractSpans(line)) {
      String text = line.substring(span.getBeginIndex(), span.getEndIndex());
      ObjectNode node = node("text").put("text", text);
      inline.add(node);
      if (span instanceof LinkSpan && text.matches("(?i)https?://.*")) {
        node.putArray("marks").addObject().put("type", "link").putObject("attrs").put("href", text);
      }
    }
  }

  private static ObjectNode node(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
