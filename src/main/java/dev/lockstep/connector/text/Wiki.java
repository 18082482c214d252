package dev.lockstep.connector.text;

import dev.lockstep.record.PlainText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.parser.Parser;

/**
 * Wiki markup of older issue trackers.
 *
 * @see <a href="https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all">Text
 *     formatting notation</a>
 */
final class Wiki {
  /** Private Unicode area in which escaped characters are hidden while markup is parsed. */
  private static final int HIDING_PLACE = 0xE000;

  private static final Pattern VERBATIM =
      Pattern.compile("\\{(noformat|code)(?:[:|][^}\n]*+)?}\n?+(.*?)\n?\\{\\1}", Pattern.DOTALL);
  private static final Pattern ESCAPED = Pattern.compile("\\\\([^\\p{Alnum}\\s\\\\])");
  private static final Pattern BREAK = Pattern.compile("\\\\\\\\(?=\\s|$)");
  private static final Pattern MACRO =
      Pattern.compile("\\{(?:quote|color|panel|anchor|info|note|tip|warning)(?:[:|][^}\n]*+)?}");
  private static final Pattern LINK =
      Pattern.compile("\\[([^\\[\\]|\n]*+)(?:\\|([^\\[\\]|\n]*+))?(?:\\|[^\\[\\]\n]*+)?]");
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w!])!([^\\s!|][^!|\n]*+)(?:\\|[^!\n]*+)?!(?![\\w!])");
  private static final Pattern STYLE =
      Pattern.compile("(?<![\\w*_])([*_])(?=\\S)([^*_\n]++)(?<=\\S)\\1(?![\\w*_])");
  private static final Pattern FIXED = Pattern.compile("\\{\\{([^{}\n]++)}}");
  private static final Pattern HEADING = Pattern.compile("^(?:h[1-6]|bq)\\. *+");
  private static final Pattern ITEM = Pattern.compile("^ *+([*#-]{1,9}) ++(.*)$");

  /** Characters that can start markup. */
  private static final Pattern SIGN =
      Pattern.compile("[*_+^~?{}\\[\\]|!#]|(?<!\\p{L})-|-(?!\\p{L})|(?m)(?<=^(?:h[1-6]|bq))\\.");

  private static final Pattern LAID_OUT = Pattern.compile("\t|  |(?:^|\n) ");

  private Wiki() {}

  static String toPlain(String wiki) {
    List<String> blocks = new ArrayList<>();
    Matcher verbatim = VERBATIM.matcher(wiki);
    int at = 0;
    while (verbatim.find()) {
      blocks.add(read(wiki.substring(at, verbatim.start())));
      blocks.add(verbatim.group(2));
      at = verbatim.end();
    }
    blocks.add(read(wiki.substring(at)));
    return PlainText.normalize(Layout.paragraphs(blocks));
  }

  private static String read(String wiki) {
    String hidden = ESCAPED.matcher(wiki).replaceAll(found -> hidden(found.group(1)));
    String text =
        Arrays.stream(
                BREAK
                    .matcher(MACRO.matcher(hidden).replaceAll(""))
                    .replaceAll("\n")
                    .split("\n", -1))
            .map(Wiki::line)
            .collect(Collectors.joining("\n"));
    return PlainText.normalize(shown(Parser.unescapeEntities(text, false).replace('\u00a0', ' ')))
        .replaceFirst("^\n+", "");
  }

  private static String hidden(String character) {
    char c = character.charAt(0);
    return c < 0x80
        ? String.valueOf((char) (HIDING_PLACE + c))
        : Matcher.quoteReplacement("\\" + c);
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c ->
                shown.append(
                    (char) (c >= HIDING_PLACE && c < HIDING_PLACE + 0x80 ? c - HIDING_PLACE : c)));
    return shown.toString();
  }

  private static String line(String line) {
    if (line.startsWith("|") && line.strip().endsWith("|") && line.strip().length() > 1) {
      return Layout.row(
          Arrays.stream(inline(line).strip().replaceAll("^\\|+|\\|+$", "").split("\\|++"))
              .toList());
    }
    Matcher item = ITEM.matcher(line);
    if (item.matches()) {
      String signs = item.group(1);
      String marker = signs.endsWith("#") ? "1. " : "- ";
      return signs.matches("-{2,}")
          ? line
          : "  ".repeat(signs.length() - 1) + marker + inline(item.group(2));
    }
    return inline(HEADING.matcher(line).replaceFirst(""));
  }

  private static String inline(String text) {
    String files = FILE.matcher(text).replaceAll(file -> quoted(Layout.attachment(file.group(1))));
    String links = LINK.matcher(files).replaceAll(link -> quoted(link(link)));
    String fixed = FIXED.matcher(links).replaceAll(found -> quoted(found.group(1)));
    return STYLE.matcher(fixed).replaceAll(found -> quoted(found.group(2)));
  }

  private static String quoted(String text) {
    return Matcher.quoteReplacement(text);
  }

  private static String link(MatchResult link) {
    String text = link.group(1);
    if (link.group(2) != null) {
      return Layout.link(text, link.group(2));
    }
    return text.startsWith("~")
        ? "@" + text.substring(1)
        : text.matches("(?i)(?:https?|mailto):.*") ? text : link.group();
  }

  /** Paragraphs whose layout would be lost become preformatted. */
  static String fromPlain(String plain) {
    return PlainText.paragraphs(PlainText.normalize(plain)).stream()
        .map(text -> paragraph(text.replaceFirst("^\n+", "")))
        .collect(Collectors.joining("\n\n"));
  }

  private static String paragraph(String text) {
    if (LAID_OUT.matcher(text).find() && !text.contains("{noformat")) {
      return "{noformat}\n" + text + "\n{noformat}";
    }
    String entities = text.replace("&", "&amp;").replace("\\", "&#92;");
    return SIGN.matcher(entities).replaceAll("\\\\$0").replace("&\\#92;", "&#92;");
  }
}
