package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says what is wrong with an Atlassian Document, after "Atlassian Document Format" in the developer
 * documentation (https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/).
 */
final class AdfValidator {

  private static final Set<String> INLINE =
      Set.of(
          "date", "emoji", "hardBreak", "inlineCard", "mediaInline", "mention", "status", "text");
  private static final Set<String> TOP =
      Set.of(
          ("blockquote bulletList codeBlock expand heading mediaGroup mediaSingle "
                  + "orderedList panel paragraph rule table")
              .split(" ", -1));
  private static final Set<String> IN_CELL =
      Set.of(
          ("blockquote bulletList codeBlock heading mediaGroup mediaSingle nestedExpand "
                  + "orderedList panel paragraph rule")
              .split(" ", -1));

  private static final Map<String, Set<String>> CHILDREN = children();

  /** Nodes that make no sense without content. */
  private static final Set<String> NOT_EMPTY =
      Set.of(
          ("blockquote bulletList expand listItem mediaGroup mediaSingle nestedExpand "
                  + "orderedList panel table tableCell tableHeader tableRow")
              .split(" ", -1));

  /** Attributes without which a node or mark is refused. */
  private static final Map<String, Set<String>> REQUIRED =
      Map.ofEntries(
          Map.entry("heading", Set.of("level")),
          Map.entry("panel", Set.of("panelType")),
          Map.entry("media", Set.of("type")),
          Map.entry("mediaInline", Set.of("id")),
          Map.entry("mention", Set.of("id")),
          Map.entry("emoji", Set.of("shortName")),
          Map.entry("date", Set.of("timestamp")),
          Map.entry("status", Set.of("text", "color")),
          Map.entry("link", Set.of("href")),
          Map.entry("textColor", Set.of("color")),
          Map.entry("backgroundColor", Set.of("color")),
          Map.entry("subsup", Set.of("type")));

  private static final Set<String> MARKS =
      Set.of(
          "backgroundColor code em link strike strong subsup textColor underline".split(" ", -1));
  private static final Set<String> PANELS = Set.of("info", "note", "warning", "success", "error");
  private static final Set<String> KEYS = Set.of("type", "content", "attrs", "marks", "text");

  private AdfValidator() {}

  /** What is wrong first, if anything. */
  static Optional<String> fault(JsonNode document) {
    try {
      document(document);
      return Optional.empty();
    } catch (Malformed e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  private static void document(JsonNode document) {
    need(document.isObject(), "a document is an object");
    need(document.path("type").asText().equals("doc"), "the outermost node is doc");
    need(document.path("version").isInt(), "doc has a version");
    need(document.path("version").intValue() == 1, "the version is 1");
    need(document.path("content").isArray(), "doc has content");
    Iterator<String> names = document.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      need(Set.of("type", "version", "content").contains(name), "doc has no " + name);
    }
    document.path("content").forEach(child -> node(child, "doc"));
  }

  private static void node(JsonNode node, String parent) {
    need(node.isObject() && node.path("type").isTextual(), "a node is an object with a type");
    String type = node.path("type").textValue();
    need(CHILDREN.containsKey(type), "there is no node " + type);
    need(CHILDREN.getOrDefault(parent, Set.of()).contains(type), type + " in " + parent);
    node.fieldNames().forEachRemaining(name -> need(KEYS.contains(name), type + " has " + name));
    attributes(node, type);
    if (type.equals("text")) {
      text(node, parent);
    } else {
      need(!node.has("text"), type + " has text");
      need(!node.has("marks") || node.path("marks").isEmpty() || type.equals("media"), "marks");
    }
    content(node, type);
  }

  private static void content(JsonNode node, String type) {
    JsonNode content = node.path("content");
    need(content.isMissingNode() || content.isArray(), "content is a list");
    need(!NOT_EMPTY.contains(type) || !content.isEmpty(), type + " without content");
    content.forEach(child -> node(child, type));
    if (type.equals("listItem")) {
      String first = content.path(0).path("type").asText();
      need(
          Set.of("paragraph", "codeBlock", "mediaSingle").contains(first),
          "a listItem begins with " + first);
    }
  }

  private static void attributes(JsonNode node, String type) {
    JsonNode attrs = node.path("attrs");
    need(attrs.isMissingNode() || attrs.isObject(), "attrs is an object");
    for (String name : REQUIRED.getOrDefault(type, Set.of())) {
      need(attrs.hasNonNull(name), type + " without " + name);
    }
    switch (type) {
      case "heading" -> {
        JsonNode level = attrs.path("level");
        need(level.isInt() && level.intValue() >= 1 && level.intValue() <= 6, "a level of 1 to 6");
      }
      case "panel" -> need(PANELS.contains(attrs.path("panelType").asText()), "a known panelType");
      case "orderedList" ->
          need(!attrs.has("order") || attrs.path("order").asInt(-1) >= 0, "order from 0");
      case "inlineCard" -> need(attrs.has("url") || attrs.has("data"), "inlineCard without url");
      case "link" -> need(attrs.path("href").isTextual(), "href is a string");
      default -> {
        // The rest have nothing beyond REQUIRED.
      }
    }
  }

  private static void text(JsonNode node, String parent) {
    need(node.path("text").isTextual(), "text is a string");
    need(!node.path("text").textValue().isEmpty(), "an empty text");
    need(!node.has("content"), "text with content");
    JsonNode marks = node.path("marks");
    need(marks.isMissingNode() || marks.isArray(), "marks is a list");
    need(!parent.equals("codeBlock") || marks.isEmpty(), "marks in a codeBlock");
    Set<String> seen = new HashSet<>();
    for (JsonNode mark : marks) {
      String type = mark.path("type").asText();
      need(MARKS.contains(type), "there is no mark " + type);
      need(seen.add(type), type + " twice");
      attributes(mark, type);
    }
    boolean alone = seen.stream().allMatch(mark -> mark.equals("code") || mark.equals("link"));
    need(!seen.contains("code") || alone, "code goes with link only");
    need(!seen.contains("textColor") || !seen.contains("backgroundColor"), "two colours");
  }

  private static void need(boolean holds, String otherwise) {
    if (!holds) {
      throw new Malformed(otherwise);
    }
  }

  private static Map<String, Set<String>> children() {
    Map<String, Set<String>> children = new HashMap<>();
    INLINE.forEach(type -> children.put(type, Set.of()));
    children.put("doc", TOP);
    children.put("paragraph", INLINE);
    children.put("heading", INLINE);
    children.put("codeBlock", Set.of("text"));
    children.put("rule", Set.of());
    children.put("media", Set.of());
    children.put("mediaGroup", Set.of("media"));
    children.put("mediaSingle", Set.of("media"));
    Set<String> item = Set.of("bulletList", "codeBlock", "mediaSingle", "orderedList", "paragraph");
    children.put("blockquote", item);
    children.put("bulletList", Set.of("listItem"));
    children.put("orderedList", Set.of("listItem"));
    children.put("listItem", item);
    children.put("panel", Set.of("bulletList", "heading", "orderedList", "paragraph"));
    Set<String> inExpand = new HashSet<>(IN_CELL);
    inExpand.remove("nestedExpand");
    children.put("nestedExpand", Set.copyOf(inExpand));
    inExpand.add("nestedExpand");
    inExpand.add("table");
    children.put("expand", Set.copyOf(inExpand));
    children.put("table", Set.of("tableRow"));
    children.put("tableRow", Set.of("tableCell", "tableHeader"));
    children.put("tableCell", IN_CELL);
    children.put("tableHeader", IN_CELL);
    return Map.copyOf(children);
  }

  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Malformed(String message) {
      super(message);
    }
  }
}
