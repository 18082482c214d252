package dev.lockstep.connector.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes the nodes of a document as plain text, block by block. */
final class AdfReader {
  private static final Set<String> INLINE =
      Set.of(
          "text",
          "hardBreak",
          "mention",
          "emoji",
          "inlineCard",
          "date",
          "status",
          "mediaInline",
          "placeholder",
          "inlineExtension");

  /** Panel types that are named in the plain text, in place of their icon. */
  private static final Set<String> TITLED_PANELS =
      Set.of("note", "warning", "error", "success", "tip");

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

  String blocks(JsonNode content) {
    return Layout.paragraphs(texts(content));
  }

  /** One text per block; consecutive inline nodes outside a paragraph form one block. */
  private List<String> texts(JsonNode content) {
    List<String> texts = new ArrayList<>();
    List<JsonNode> loose = new ArrayList<>();
    for (JsonNode node : content) {
      if (INLINE.contains(type(node))) {
        loose.add(node);
      } else {
        texts.add(inline(loose));
        loose.clear();
        texts.add(block(node));
      }
    }
    texts.add(inline(loose));
    return texts;
  }

  private String block(JsonNode node) {
    JsonNode content = node.path("content");
    return switch (type(node)) {
      case "paragraph", "heading", "caption" -> inline(content);
      case "codeBlock" -> code(content);
      case "bulletList", "orderedList", "decisionList", "taskList" -> list(node);
      case "blockquote" -> quote(blocks(content));
      case "rule" -> Layout.RULE;
      case "table" -> table(node);
      case "panel" -> panel(node);
      case "expand", "nestedExpand" ->
          Layout.paragraphs(List.of(attribute(node, "title"), blocks(content)));
      default -> content.isArray() ? blocks(content) : inline(List.of(node));
    };
  }

  private static String quote(String content) {
    return content.isBlank() ? "" : Layout.quote(content);
  }

  private String code(JsonNode content) {
    StringBuilder code = new StringBuilder();
    content.forEach(part -> code.append(single(part)));
    return code.toString();
  }

  private String panel(JsonNode node) {
    String kind = attribute(node, "panelType");
    String text = blocks(node.path("content"));
    return TITLED_PANELS.contains(kind) && !text.isBlank()
        ? kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1) + ": " + text
        : text;
  }

  private String list(JsonNode list) {
    boolean ordered = "orderedList".equals(type(list));
    long number = Math.max(0, list.path("attrs").path("order").asLong(1));
    List<String> items = new ArrayList<>();
    for (JsonNode item : list.path("content")) {
      if (type(item).endsWith("List")) {
        items.add(Layout.item("  ", block(item)));
        continue;
      }
      String marker = ordered ? number++ + ". " : "- ";
      items.add(Layout.item(marker, box(item) + Layout.lines(texts(item.path("content")))));
    }
    return Layout.lines(items);
  }

  private static String box(JsonNode item) {
    String state = "taskItem".equals(type(item)) ? attribute(item, "state") : "none";
    return switch (state) {
      case "none" -> "";
      case "DONE" -> "[x] ";
      default -> "[ ] ";
    };
  }

  private String table(JsonNode table) {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : table.path("content")) {
      List<String> cells = new ArrayList<>();
      row.path("content").forEach(cell -> cells.add(blocks(cell.path("content"))));
      rows.add(cells.isEmpty() ? block(row) : Layout.row(cells));
    }
    return Layout.lines(rows);
  }

  /** Adjacent nodes with the same address form one link, whatever their marks. */
  private String inline(Iterable<JsonNode> nodes) {
    StringBuilder text = new StringBuilder();
    String address = "";
    int start = 0;
    for (JsonNode node : nodes) {
      String next = address(node);
      if (!next.equals(address)) {
        closeLink(text, start, address);
        start = text.length();
        address = next;
      }
      text.append(single(node));
    }
    closeLink(text, start, address);
    return text.toString();
  }

  private static void closeLink(StringBuilder text, int start, String address) {
    if (!address.isEmpty()) {
      String words = text.substring(start);
      text.setLength(start);
      text.append(Layout.link(words, address));
    }
  }

  private static String address(JsonNode node) {
    for (JsonNode mark : node.path("marks")) {
      if ("link".equals(type(mark))) {
        return attribute(mark, "href");
      }
    }
    return "";
  }

  private String single(JsonNode node) {
    return switch (type(node)) {
      case "text" -> node.path("text").asText("");
      case "hardBreak" -> "\n";
      case "mention" -> mention(node);
      case "emoji" -> first(attribute(node, "text"), attribute(node, "shortName"));
      case "inlineCard", "blockCard", "embedCard" ->
          first(attribute(node, "url"), node.path("attrs").path("data").path("url").asText(""));
      case "date" -> day(attribute(node, "timestamp"));
      case "media", "mediaInline" ->
          Layout.link(
              Layout.attachment(first(attribute(node, "alt"), attribute(node, "__fileName"))),
              attribute(node, "url"));
      default -> unknown(node);
    };
  }

  /** All text inside an unknown node. */
  private String unknown(JsonNode node) {
    if (node.path("content").isArray()) {
      return blocks(node.path("content"));
    }
    return first(node.path("text").asText(""), attribute(node, "text"));
  }

  private static String mention(JsonNode node) {
    String name = first(attribute(node, "text"), attribute(node, "id"));
    return name.startsWith("@") ? name : "@" + name;
  }

  private static String day(String millis) {
    return millis.matches("-?\\d{1,15}")
        ? DAY.format(Instant.ofEpochMilli(Long.parseLong(millis)))
        : millis;
  }

  private static String type(JsonNode node) {
    return node.path("type").asText();
  }

  private static String attribute(JsonNode node, String name) {
    return node.path("attrs").path(name).asText("");
  }

  private static String first(String text, String otherwise) {
    return text.isBlank() ? otherwise : text;
  }
}
