package dev.lockstep.connector.text;

import dev.lockstep.record.PlainText;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plain text in which {@code [code]} begins HTML and {@code [/code]} ends it. */
final class HtmlInCode {
  private static final Pattern START = Pattern.compile("\\[code]", Pattern.CASE_INSENSITIVE);
  private static final Pattern END = Pattern.compile("\\[/code]", Pattern.CASE_INSENSITIVE);
  private static final Neutralizer TAGS = new Neutralizer(List.of("[code]", "[/code]"));

  private HtmlInCode() {}

  static String toPlain(String text) {
    StringBuilder plain = new StringBuilder();
    Matcher start = START.matcher(text);
    Matcher end = END.matcher(text);
    int at = 0;
    boolean lines = false;
    while (start.find(at) && end.find(start.end())) {
      append(TAGS.restored(text.substring(at, start.start())), lines, plain);
      String html = Html.toPlain(text.substring(start.end(), end.start()));
      lines = html.contains("\n");
      append(html, lines, plain);
      at = end.end();
    }
    append(TAGS.restored(text.substring(at)), lines, plain);
    return plain.toString();
  }

  /** HTML with several lines is placed on lines of its own. */
  private static void append(String part, boolean lines, StringBuilder plain) {
    boolean apart =
        plain.isEmpty()
            || part.isEmpty()
            || plain.charAt(plain.length() - 1) == '\n'
            || part.charAt(0) == '\n';
    plain.append(lines && !apart ? "\n" : "").append(part);
  }

  /** Neutralizes the tags: text from another system must not be interpreted as HTML. */
  static String fromPlain(String plain) {
    return TAGS.neutralized(PlainText.clean(plain));
  }
}
