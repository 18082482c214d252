package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A document as text: wiki markup, which the older API and webhooks carry, or what a reader sees.
 */
final class AdfText {

  private final boolean markup;

  private AdfText(boolean markup) {
    this.markup = markup;
  }

  static String wiki(JsonNode document) {
    return new AdfText(true).blocks(document, "\n\n", "");
  }

  static String plain(JsonNode document) {
    return new AdfText(false).blocks(document, "\n", "");
  }

  /** A document with a paragraph for each line. */
  static JsonNode document(String text) {
    ObjectNode document = Json.object().put("type", "doc").put("version", 1);
    ArrayNode content = document.putArray("content");
    for (String line : text.split("\n", -1)) {
      ArrayNode paragraph = content.addObject().put("type", "paragraph").putArray("content");
      if (!line.isEmpty()) {
        paragraph.addObject().put("type", "text").put("text", line);
      }
    }
    return document;
  }

  private String blocks(JsonNode parent, String between, String bullets) {
    StringJoiner text = new StringJoiner(between);
    parent.path("content").forEach(block -> text.add(block(block, bullets)));
    return text.toString();
  }

  private String block(JsonNode node, String bullets) {
    JsonNode attrs = node.path("attrs");
    return switch (node.path("type").asText()) {
      case "heading" -> mark("h" + attrs.path("level").asInt() + ". ") + inline(node);
      case "bulletList" -> blocks(node, "\n", bullets + "*");
      case "orderedList" -> blocks(node, "\n", bullets + "#");
      case "listItem" -> item(node, bullets);
      case "codeBlock" -> {
        String language = attrs.path("language").asText();
        String tag = language.isEmpty() ? "{code}" : "{code:" + language + "}";
        yield markup ? tag + inline(node) + "{code}" : inline(node);
      }
      case "blockquote" -> mark("{quote}") + blocks(node, "\n", "") + mark("{quote}");
      case "panel" -> mark("{panel}") + blocks(node, "\n", "") + mark("{panel}");
      case "rule" -> "----";
      case "table", "expand", "nestedExpand" -> blocks(node, "\n", "");
      case "tableRow" -> "|" + blocks(node, "|", "") + "|";
      case "tableHeader", "tableCell" -> blocks(node, " ", "");
      default -> inline(node);
    };
  }

  private String item(JsonNode item, String bullets) {
    List<String> parts = new ArrayList<>();
    for (JsonNode block : item.path("content")) {
      boolean nested = block.path("type").asText().endsWith("List");
      String text = block(block, bullets);
      parts.add(nested ? "\n" + text : (parts.isEmpty() ? bullets + " " : "\n") + text);
    }
    return String.join("", parts);
  }

  private String inline(JsonNode parent) {
    StringBuilder text = new StringBuilder();
    for (JsonNode node : parent.path("content")) {
      JsonNode attrs = node.path("attrs");
      text.append(
          switch (node.path("type").asText()) {
            case "text" -> marked(node);
            case "hardBreak" -> "\n";
            case "mention" ->
                markup
                    ? "[~accountid:" + attrs.path("id").asText() + "]"
                    : attrs.path("text").asText();
            case "emoji" -> attrs.path("text").asText(attrs.path("shortName").asText());
            case "inlineCard" -> attrs.path("url").asText();
            case "status" -> attrs.path("text").asText();
            case "date" -> attrs.path("timestamp").asText();
            default -> "";
          });
    }
    return text.toString();
  }

  private String marked(JsonNode node) {
    String text = node.path("text").asText();
    if (!markup) {
      return text;
    }
    for (JsonNode mark : node.path("marks")) {
      text =
          switch (mark.path("type").asText()) {
            case "strong" -> "*" + text + "*";
            case "em" -> "_" + text + "_";
            case "strike" -> "-" + text + "-";
            case "underline" -> "+" + text + "+";
            case "code" -> "{{" + text + "}}";
            case "link" -> "[" + text + "|" + mark.at("/attrs/href").asText() + "]";
            default -> text;
          };
    }
    return text;
  }

  private String mark(String sign) {
    return markup ? sign : "";
  }
}
