package dev.lockstep.cli.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.PrintWriter;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi;

/** Output of a command: JSON, or text with optional colours. */
public final class Output {
  private static final Pattern UNSAFE =
      Pattern.compile("[\\p{Cc}\u202a-\u202e\u2066-\u2069&&[^\r\n\t]]");

  private final PrintWriter out;
  private final boolean colours;

  public Output(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  public void json(JsonNode node) {
    try {
      out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public Table table(String... headings) {
    return new Table(colours, headings);
  }

  public void print(Table table) {
    table.print(out);
  }

  public void line(String text) {
    out.println(text);
  }

  void heading(String text) {
    out.println();
    out.println(styled("bold", text));
  }

  /**
   * Prints a text with a prefix; long texts are wrapped and indented below it.
   *
   * @param columns of the terminal; 0: unknown, no wrapping
   */
  void printWrapped(String before, String text, int columns) {
    int indent = TreeNode.length(before);
    String first = before;
    for (String line : TreeNode.wrap(text, columns - indent)) {
      out.println(first + line);
      first = " ".repeat(indent);
    }
  }

  /** Prints a name and its value, aligned; omitted if the value is blank. */
  public void entry(String name, String value) {
    if (!value.isBlank()) {
      out.println(styled("faint", String.format("%-10s", name)) + value.strip());
    }
  }

  public String styled(String style, String text) {
    // No picocli markup: user text in records may contain "|@".
    return colours
        ? Ansi.Style.on(Ansi.Style.valueOf(style)) + text + Ansi.Style.off(Ansi.Style.reset)
        : text;
  }

  /**
   * A field of a response as text; a dash if it is missing. Control characters are replaced, since
   * records contain arbitrary user text.
   */
  public static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull() ? "–" : plain(value.asText());
  }

  /** Replaces terminal control characters and bidirectional overrides. */
  public static String plain(String text) {
    return UNSAFE.matcher(text).replaceAll("\uFFFD");
  }

  /** Applies {@link #plain(String)} to all texts of a JSON document, in place. */
  public static JsonNode plain(JsonNode node) {
    if (node.isTextual()) {
      return TextNode.valueOf(plain(node.textValue()));
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(plain(field.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, plain(array.get(i)));
      }
    }
    return node;
  }

  /** To the second, in UTC, as in the logs. */
  public static String time(JsonNode node, String field) {
    String instant = node.path(field).asText("");
    return instant.length() < 19 ? instant : instant.substring(0, 19).replace('T', ' ');
  }
}
