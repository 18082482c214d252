package dev.lockstep.connector.adf;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a document has in a line of text, as runs. */
final class DocumentReader {
  private static final Set<String> MARKS = Set.of("strong", "em", "strike", "code");
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

  private DocumentReader() {}

  static List<Run> runs(Iterable<JsonNode> content) {
    List<Run> runs = new ArrayList<>();
    content.forEach(node -> add(node, runs));
    return Run.joined(runs);
  }

  private static void add(JsonNode node, List<Run> runs) {
    JsonNode attrs = node.path("attrs");
    switch (node.path("type").asText()) {
      case "text" -> runs.add(text(node));
      case "hardBreak" -> runs.add(Run.BREAK);
      case "mention" -> runs.add(Run.plain(mention(attrs)));
      case "emoji" ->
          runs.add(Run.plain(attrs.path("text").asText(attrs.path("shortName").asText(""))));
      case "inlineCard", "blockCard", "embedCard" -> card(attrs, runs);
      case "date" -> runs.add(Run.plain(day(attrs.path("timestamp").asText(""))));
      case "media", "mediaInline" -> runs.add(media(attrs));
      default -> other(node, attrs, runs);
    }
  }

  private static void card(JsonNode attrs, List<Run> runs) {
    String url = attrs.path("url").asText(attrs.path("data").path("url").asText(""));
    runs.add(new Run(clean(url), Set.of(), clean(url)));
  }

  /** Of what is not known the text is kept. */
  private static void other(JsonNode node, JsonNode attrs, List<Run> runs) {
    if (node.path("content").isArray()) {
      node.path("content").forEach(child -> add(child, runs));
    } else {
      runs.add(Run.plain(clean(node.path("text").asText(attrs.path("text").asText("")))));
    }
  }

  private static Run text(JsonNode node) {
    Set<String> marks = new TreeSet<>();
    String href = "";
    for (JsonNode mark : node.path("marks")) {
      String type = mark.path("type").asText();
      if ("link".equals(type)) {
        href = clean(mark.path("attrs").path("href").asText(""));
      } else if (MARKS.contains(type)) {
        marks.add(type);
      }
    }
    String text = clean(node.path("text").asText(""));
    return new Run(text, marks.contains("code") ? Set.of("code") : marks, href);
  }

  private static String clean(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n').replace("\u0000", "");
  }

  private static String mention(JsonNode attrs) {
    String name = clean(attrs.path("text").asText(""));
    if (name.isBlank()) {
      return "@" + attrs.path("id").asText("");
    }
    return name.startsWith("@") ? name : "@" + name;
  }

  private static String day(String millis) {
    return millis.matches("-?\\d{1,15}")
        ? DAY.format(Instant.ofEpochMilli(Long.parseLong(millis)))
        : millis;
  }

  /** Files are not carried; that there is one, is. */
  private static Run media(JsonNode attrs) {
    String name = clean(attrs.path("alt").asText(""));
    String url = clean(attrs.path("url").asText(""));
    String shown = name.isBlank() ? "file" : name;
    return url.isBlank()
        ? Run.plain("(attachment: " + shown + ")")
        : new Run(name.isBlank() ? url : name, Set.of(), url);
  }
}
