package dev.lockstep.connector.adf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The Atlassian Document Format as Markdown and back. Neither form can say all the other can, but
 * what is lost is lost at the first pass: {@code toMarkdown(toDocument(m))} is the same for the
 * text it gave. Both are pure and never fail on what people write.
 *
 * @see <a
 *     href="https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/">Structure
 *     of a document</a>
 */
public final class Adf {
  private static final int MOST_PASSES = 10;

  private Adf() {}

  /** Whether this is a document rather than, say, a text. */
  public static boolean isDocument(JsonNode node) {
    return node.isObject() && "doc".equals(node.path("type").asText());
  }

  /**
   * Plain text is Markdown too; its line breaks stay.
   *
   * @return a document; one without content for a blank text
   */
  public static JsonNode toDocument(String markdown) {
    return new DocumentWriter().document(markdown);
  }

  /** Adds a paragraph of plain text. */
  public static void append(JsonNode document, String text) {
    ObjectNode paragraph = ((ArrayNode) document.path("content")).addObject();
    paragraph
        .put("type", "paragraph")
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put("text", text);
  }

  /** A node that is not known gives the text in it. */
  public static String toMarkdown(JsonNode document) {
    String markdown = new MarkdownWriter().document(document);
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      String again = new MarkdownWriter().document(toDocument(markdown));
      if (again.equals(markdown)) {
        break;
      }
      // What Markdown can't say, a list in a task for example, may take more than one pass to go.
      markdown = again;
    }
    return markdown;
  }
}
