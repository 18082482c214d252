package dev.lockstep.connector.adf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes a document's blocks as Markdown that reads well as plain text too. */
final class MarkdownWriter {
  private static final Set<String> LISTS = Set.of("bulletList", "orderedList", "taskList");
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

  String document(JsonNode document) {
    return String.join("\n\n", blocks(document.path("content"))).strip();
  }

  /** Blank ones are left out; of two lists beside each other the second has another marker. */
  private List<String> blocks(JsonNode content) {
    List<String> blocks = new ArrayList<>();
    for (Block block : laidOut(content)) {
      blocks.add(block.text());
    }
    return blocks;
  }

  private record Block(JsonNode node, String text) {}

  private List<Block> laidOut(JsonNode content) {
    List<Block> blocks = new ArrayList<>();
    List<JsonNode> loose = new ArrayList<>();
    String before = "";
    boolean other = false;
    for (JsonNode node : content) {
      String type = type(node);
      if (INLINE.contains(type)) {
        loose.add(node);
        continue;
      }
      flush(loose, blocks);
      String family = "orderedList".equals(type) ? type : LISTS.contains(type) ? "bulletList" : "";
      other = !family.isEmpty() && family.equals(before) && !other;
      for (String text : block(node, type, other)) {
        if (!text.isBlank()) {
          blocks.add(new Block(node, text));
          before = family;
        }
      }
    }
    flush(loose, blocks);
    return blocks;
  }

  private static void flush(List<JsonNode> loose, List<Block> blocks) {
    if (!loose.isEmpty()) {
      JsonNode first = loose.get(0);
      paragraphs(DocumentReader.runs(loose)).forEach(text -> blocks.add(new Block(first, text)));
      loose.clear();
    }
  }

  private static String type(JsonNode node) {
    return node.path("type").asText();
  }

  private List<String> block(JsonNode node, String type, boolean other) {
    return switch (type) {
      case "paragraph", "caption" -> paragraphs(DocumentReader.runs(node.path("content")));
      case "heading" -> heading(node);
      case "bulletList", "decisionList", "orderedList" -> List.of(list(node, other));
      case "taskList" -> List.of(tasks(node, other ? "* " : "- "));
      case "blockquote" -> List.of(prefixed(String.join("\n\n", blocks(node.path("content")))));
      case "codeBlock" -> List.of(code(node));
      case "rule" -> List.of("---");
      case "table" -> List.of(MarkdownTable.of(node));
      case "expand", "nestedExpand" -> titled(node);
      case "mediaSingle", "mediaGroup", "media" -> media(node);
      case "blockCard", "embedCard" -> paragraphs(DocumentReader.runs(List.of(node)));
      default -> unknown(node);
    };
  }

  /** Two line breaks after one another end a paragraph in Markdown, so they do here. */
  private static List<String> paragraphs(List<Run> runs) {
    List<String> paragraphs = new ArrayList<>();
    List<Run> current = new ArrayList<>();
    for (int i = 0; i <= runs.size(); i++) {
      boolean end = i == runs.size();
      boolean twice =
          !end && runs.get(i).isBreak() && i + 1 < runs.size() && runs.get(i + 1).isBreak();
      if (end || twice) {
        List<Run> whole = Run.joined(current);
        if (!whole.isEmpty()) {
          paragraphs.add(MarkdownText.PARAGRAPH.write(whole));
        }
        current.clear();
      } else {
        current.add(runs.get(i));
      }
    }
    return paragraphs;
  }

  private static List<String> heading(JsonNode node) {
    List<Run> runs =
        Run.joined(
            DocumentReader.runs(node.path("content")).stream()
                .map(run -> run.isBreak() ? Run.plain(" ") : run)
                .toList());
    int level = Math.min(6, Math.max(1, node.path("attrs").path("level").asInt(1)));
    return runs.isEmpty()
        ? List.of()
        : List.of("#".repeat(level) + " " + MarkdownText.HEADING.write(runs));
  }

  private String list(JsonNode list, boolean other) {
    boolean ordered = "orderedList".equals(type(list));
    long number = Math.max(0, list.path("attrs").path("order").asLong(1));
    List<String> items = new ArrayList<>();
    for (JsonNode item : list.path("content")) {
      String marker = ordered ? number++ + (other ? ") " : ". ") : other ? "* " : "- ";
      items.add(item(marker, item(item.path("content"))));
    }
    return String.join("\n", items);
  }

  private static String item(String marker, String content) {
    return content.isEmpty()
        ? marker.stripTrailing()
        : marker + content.replaceAll("\n(?!\n|$)", "\n" + " ".repeat(marker.length()));
  }

  /** A list that follows an item's words follows without a blank line, where Markdown can tell. */
  private String item(JsonNode content) {
    StringBuilder text = new StringBuilder();
    Block last = null;
    for (Block block : laidOut(content)) {
      if (last != null) {
        boolean close = "paragraph".equals(type(last.node())) && interrupts(block.text());
        text.append(close ? "\n" : "\n\n");
      }
      text.append(block.text());
      last = block;
    }
    return text.toString();
  }

  private static boolean interrupts(String text) {
    return text.startsWith("- ") || text.startsWith("* ") || text.startsWith("1. ");
  }

  /** Tasks below a task stand beside it in a document. */
  private String tasks(JsonNode list, String marker) {
    List<String> items = new ArrayList<>();
    for (JsonNode child : list.path("content")) {
      if ("taskList".equals(type(child)) && !items.isEmpty()) {
        items.add("  " + tasks(child, "- ").replace("\n", "\n  "));
      } else if ("taskList".equals(type(child))) {
        items.add(tasks(child, marker));
      } else {
        boolean done = "DONE".equals(child.path("attrs").path("state").asText());
        List<String> words = paragraphs(DocumentReader.runs(child.path("content")));
        items.add(
            item(marker, (done ? "[x] " : "[ ] ") + String.join("\n", words)).stripTrailing());
      }
    }
    return String.join("\n", items);
  }

  private static String prefixed(String text) {
    return text.isEmpty() ? "" : "> " + text.replace("\n", "\n> ").replaceAll("(?m)^> $", ">");
  }

  private static String code(JsonNode node) {
    StringBuilder text = new StringBuilder();
    node.path("content").forEach(part -> text.append(part.path("text").asText()));
    String code = text.toString().replace("\r\n", "\n").replace('\r', '\n');
    String language = node.path("attrs").path("language").asText("").replaceAll("[`\\s].*", "");
    int fence = 3;
    for (int run = 0, i = 0; i < code.length(); i++) {
      run = code.charAt(i) == '`' ? run + 1 : 0;
      fence = Math.max(fence, run + 1);
    }
    String ticks = "`".repeat(fence);
    return ticks
        + (language.matches("[\\w+#.-]*") ? language : "")
        + "\n"
        + (code.isEmpty() ? "" : code + "\n")
        + ticks;
  }

  private List<String> titled(JsonNode node) {
    List<String> parts = new ArrayList<>();
    String title = node.path("attrs").path("title").asText("");
    if (!title.isBlank()) {
      parts.addAll(paragraphs(List.of(new Run(title, Set.of("strong"), ""))));
    }
    parts.addAll(blocks(node.path("content")));
    return parts;
  }

  private static List<String> media(JsonNode node) {
    List<String> parts = new ArrayList<>();
    if (node.has("content")) {
      for (JsonNode child : node.path("content")) {
        parts.addAll(
            "caption".equals(type(child))
                ? paragraphs(DocumentReader.runs(child.path("content")))
                : media(child));
      }
      return parts;
    }
    return paragraphs(DocumentReader.runs(List.of(node)));
  }

  private List<String> unknown(JsonNode node) {
    if (node.path("content").isArray()) {
      return blocks(node.path("content"));
    }
    return paragraphs(DocumentReader.runs(List.of(node)));
  }
}
