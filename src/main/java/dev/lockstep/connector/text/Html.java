package dev.lockstep.connector.text;

import dev.lockstep.record.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Entities;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/** HTML, converted as browsers display it. */
final class Html {
  private static final Set<String> HIDDEN = Set.of("script", "style", "head", "title", "template");
  private static final Set<String> PARAGRAPHS =
      Set.of(
          "p",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "ul",
          "ol",
          "dl",
          "pre",
          "blockquote",
          "table",
          "hr");
  private static final int MOST_LEVELS = 100;
  private static final char NO_BREAK_SPACE = '\u00a0';

  /** Layout that HTML would lose: tabs, and lines that begin with a space. */
  private static final Pattern LAID_OUT = Pattern.compile("\t|(?:^|\n) ");

  private static final Pattern WEB_ADDRESS =
      Pattern.compile("(?:https?|ftp|mailto|tel):.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private Html() {}

  /** No-break spaces become spaces, since HTML uses them to keep several. */
  static String toPlain(String html) {
    String text = inside(Jsoup.parse(html).body(), 0);
    return PlainText.normalize(text.replace(NO_BREAK_SPACE, ' '));
  }

  /** Paragraphs whose layout HTML would lose are preformatted. */
  static String fromPlain(String plain) {
    return PlainText.paragraphs(PlainText.normalize(plain)).stream()
        .map(Html::paragraph)
        .collect(Collectors.joining("\n"));
  }

  private static String paragraph(String text) {
    String escaped = Entities.escape(text);
    // Parsers drop the first line break of preformatted text.
    return LAID_OUT.matcher(text).find()
        ? "<pre>\n" + escaped + "</pre>"
        : "<p>" + escaped.replaceAll(" (?= )", "&nbsp;").replace("\n", "<br>\n") + "</p>";
  }

  private static String inside(Element element, int level) {
    Flow flow = new Flow();
    walk(element, flow, level);
    return flow.text();
  }

  private static void walk(Element element, Flow flow, int level) {
    for (Node child : element.childNodes()) {
      if (child instanceof TextNode text) {
        flow.add(text.getWholeText());
      } else if (child instanceof Element inner && !HIDDEN.contains(inner.normalName())) {
        if (level >= MOST_LEVELS) {
          flow.add(inner.wholeText());
        } else {
          element(inner, flow, level + 1);
        }
      }
    }
  }

  private static void element(Element element, Flow flow, int level) {
    String name = element.normalName();
    switch (name) {
      case "br" -> flow.breakLine();
      case "hr" -> flow.block(Layout.RULE, true);
      case "pre" -> flow.block(element.wholeText().stripTrailing(), true);
      case "img" -> flow.add(image(element));
      case "a" -> link(element, flow, level);
      case "ul", "ol" -> flow.block(list(element, level), !isItem(element.parent()));
      case "blockquote" -> {
        String quoted = inside(element, level);
        if (!isBlank(quoted)) {
          flow.block(Layout.quote(quoted), true);
        }
      }
      case "table" -> flow.block(table(element, level), true);
      default -> {
        if (element.isBlock()) {
          block(element, PARAGRAPHS.contains(name), flow, level);
        } else {
          walk(element, flow, level);
        }
      }
    }
  }

  private static void block(Element element, boolean paragraph, Flow flow, int level) {
    String text = inside(element, level);
    if (!isBlank(text)) {
      flow.block(text, paragraph);
    } else if (!paragraph && element.selectFirst("br") != null) {
      // Editors write an empty line like this.
      flow.block("", false);
    }
  }

  private static boolean isBlank(String text) {
    return text.replace(NO_BREAK_SPACE, ' ').isBlank();
  }

  private static String image(Element image) {
    String name = image.attr("alt").strip();
    return name.isEmpty() ? "(image)" : "(image: " + name + ")";
  }

  private static void link(Element link, Flow flow, int level) {
    String address = link.attr("href").strip();
    if (!WEB_ADDRESS.matcher(address).matches()) {
      walk(link, flow, level);
      return;
    }
    String whole = link.wholeText();
    flow.add(whole.substring(0, whole.length() - whole.stripLeading().length()));
    flow.exact(Layout.link(inside(link, level), address));
    flow.add(whole.substring(whole.stripTrailing().length()));
  }

  private static boolean isItem(@Nullable Element element) {
    return element != null && element.normalName().equals("li");
  }

  private static String list(Element list, int level) {
    boolean ordered = list.normalName().equals("ol");
    String start = list.attr("start").strip();
    int number = start.matches("\\d{1,9}") ? Integer.parseInt(start) : 1;
    List<String> items = new ArrayList<>();
    for (Element child : list.children()) {
      if (isItem(child)) {
        String marker = ordered ? number++ + ". " : "- ";
        items.add(Layout.item(marker, inside(child, level)));
      } else if (!HIDDEN.contains(child.normalName())) {
        Flow nested = new Flow();
        element(child, nested, level + 1);
        items.add(Layout.item("  ", nested.text()));
      }
    }
    return Layout.lines(items);
  }

  /** A row with one cell is layout, not a table. */
  private static String table(Element table, int level) {
    List<String> rows = new ArrayList<>();
    for (Element row : table.select("tr, caption")) {
      if (row.closest("table") != table) {
        continue;
      }
      List<String> cells = new ArrayList<>();
      row.children().forEach(cell -> cells.add(inside(cell, level + 1)));
      rows.add(
          cells.isEmpty()
              ? inside(row, level)
              : cells.size() == 1 ? cells.get(0) : Layout.row(cells));
    }
    return Layout.lines(rows);
  }

  /** Text flow: white space collapses, blocks follow one another. */
  private static final class Flow {
    private final StringBuilder done = new StringBuilder();
    private final StringBuilder line = new StringBuilder();
    private boolean begun;
    private boolean paragraph;

    void add(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (" \t\n\r\f".indexOf(c) < 0) {
          line.append(c);
        } else if (!line.isEmpty() && " \n".indexOf(line.charAt(line.length() - 1)) < 0) {
          line.append(' ');
        }
      }
    }

    void exact(String text) {
      line.append(text);
    }

    void breakLine() {
      line.append('\n');
    }

    void block(String text, boolean isParagraph) {
      flush();
      put(text, isParagraph);
    }

    private void flush() {
      String text = line.toString();
      line.setLength(0);
      if (!isBlank(text)) {
        // A line break at the end of a block is not displayed.
        put(text.stripTrailing(), false);
      }
    }

    private void put(String text, boolean isParagraph) {
      if (begun) {
        done.append(isParagraph || paragraph ? "\n\n" : "\n");
      }
      done.append(text);
      begun = true;
      paragraph = isParagraph;
    }

    String text() {
      flush();
      return done.toString();
    }
  }
}
