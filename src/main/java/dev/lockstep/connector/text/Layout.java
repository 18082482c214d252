package dev.lockstep.connector.text;

import dev.lockstep.record.PlainText;
import java.util.List;
import java.util.stream.Collectors;

/** Represents structure in plain text. */
final class Layout {
  static final String RULE = "---";

  private Layout() {}

  /** Joins blocks by empty lines. */
  static String paragraphs(List<String> blocks) {
    return joined(blocks, "\n\n");
  }

  /** Joins blocks by line breaks. */
  static String lines(List<String> blocks) {
    return joined(blocks, "\n");
  }

  private static String joined(List<String> blocks, String between) {
    return blocks.stream().filter(text -> !text.isBlank()).collect(Collectors.joining(between));
  }

  static String item(String marker, String content) {
    return marker + indented(" ".repeat(marker.length()), content);
  }

  static String quote(String content) {
    return "> " + indented("> ", content);
  }

  private static String indented(String indent, String content) {
    return content.replace("\n", "\n" + indent);
  }

  static String row(List<String> cells) {
    return cells.stream().map(PlainText::oneLine).collect(Collectors.joining(" | "));
  }

  /** The text followed by its address, unless the text contains the address. */
  static String link(String text, String address) {
    if (text.isBlank() || address.isBlank() || isSaid(text.strip(), address.strip())) {
      return text.isBlank() ? text + address : text;
    }
    String words = text.stripTrailing();
    return words + " (" + address.strip() + ")" + text.substring(words.length());
  }

  private static boolean isSaid(String text, String address) {
    String bare = address.replaceFirst("^(?i:mailto:|tel:|https?://)", "");
    return text.equals(address)
        || text.equals(bare)
        || (text + "/").equals(address)
        || (text + "/").equals(bare);
  }

  static String attachment(String name) {
    return "(attachment: " + (name.isBlank() ? "file" : name.strip()) + ")";
  }
}
