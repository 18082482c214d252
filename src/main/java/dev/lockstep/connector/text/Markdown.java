package dev.lockstep.connector.text;

import dev.lockstep.record.PlainText;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Markdown as CommonMark defines it, with tables. */
final class Markdown {
  private static final int MOST_OPEN_BLOCKS = 50;

  /** Layout that Markdown would lose: tabs, several spaces, and lines that begin with one. */
  private static final Pattern LAID_OUT = Pattern.compile("\t|  |(?:^|\n) ");

  private static final Parser PARSER =
      Parser.builder()
          .extensions(Set.of(TablesExtension.create()))
          .maxOpenBlockParsers(MOST_OPEN_BLOCKS)
          .build();
  private static final HtmlRenderer TO_HTML =
      HtmlRenderer.builder()
          .extensions(Set.of(TablesExtension.create()))
          .escapeHtml(true)
          .softbreak("<br>\n")
          .build();

  /** Characters that can start markup anywhere; those of LINE_SIGN only at the start of a line. */
  private static final Pattern SIGN = Pattern.compile("[\\\\`*_\\[\\]<>&!|~]");

  private static final Pattern LINE_SIGN = Pattern.compile("(?m)^[#+=-]|(?<=^\\d{1,9})[.)]");
  private static final Pattern TICKS = Pattern.compile("`+");

  private Markdown() {}

  static String toPlain(String markdown) {
    return Html.toPlain(TO_HTML.render(PARSER.parse(PlainText.clean(markdown))));
  }

  /** Paragraphs whose layout Markdown would lose become code blocks. */
  static String fromPlain(String plain) {
    return PlainText.paragraphs(PlainText.normalize(plain)).stream()
        .map(text -> block(text.replaceFirst("^\n+", "")))
        .collect(Collectors.joining("\n\n"));
  }

  private static String block(String text) {
    if (LAID_OUT.matcher(text).find()) {
      String fence = "`".repeat(Math.max(3, longestRun(text) + 1));
      return fence + "\n" + text + "\n" + fence;
    }
    String literal = SIGN.matcher(text).replaceAll("\\\\$0");
    return LINE_SIGN.matcher(literal).replaceAll("\\\\$0").replace("\n", "  \n");
  }

  private static int longestRun(String text) {
    return TICKS.matcher(text).results().mapToInt(run -> run.group().length()).max().orElse(0);
  }
}
