package dev.lockstep.postmortem.parse.markdown;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Node;

/** Finds, removes and escapes HTML: no page on which an item is shown may execute any. */
public final class HtmlTags {
  private static final Pattern TAG = Pattern.compile("(?s)<!--.*?(?:-->|$)|</?[a-zA-Z!?][^<>]*+>?");
  private static final Pattern HIDDEN =
      Pattern.compile("(?is)<(script|style)\\b.*?(?:</\\1\\s*>|$)|<!--.*?(?:-->|$)");
  private static final Pattern LEFT_OVER = Pattern.compile("<(?=[a-zA-Z/!?])([^<>\n]*)(>?)");
  private static final Pattern ADDRESS =
      Pattern.compile("(?i)(https?://|mailto:)[^\\s\"'`]*|[\\w.+-]+@[\\w.-]+");
  private static final Pattern SCHEME = Pattern.compile("(?i)\\s*([a-z][a-z0-9+.-]*):.*");

  private HtmlTags() {}

  /** Whether it contains HTML that is visible on the page. */
  public static boolean areIn(Node root) {
    return isHtml(root) || MarkdownSource.below(root).stream().anyMatch(HtmlTags::isHtml);
  }

  private static boolean isHtml(Node node) {
    String html =
        node instanceof HtmlInline inline
            ? inline.getLiteral()
            : node instanceof HtmlBlock block ? block.getLiteral() : "";
    return !html.isBlank() && !html.strip().startsWith("<!--") && !isLineBreak(html);
  }

  static boolean isLineBreak(String html) {
    return html.toLowerCase(Locale.ROOT).matches("\\s*<br\\s*/?>\\s*");
  }

  /** The visible text of HTML. */
  public static String removeFrom(String html) {
    return TAG.matcher(HIDDEN.matcher(html).replaceAll(" ")).replaceAll(" ");
  }

  /** Escapes everything that begins an HTML tag; URLs in angle brackets are kept. */
  static String escape(String text) {
    return LEFT_OVER
        .matcher(text)
        .replaceAll(
            tag ->
                Matcher.quoteReplacement(
                    ADDRESS.matcher(tag.group(1)).matches()
                        ? tag.group()
                        : "‹" + tag.group(1) + (tag.group(2).isEmpty() ? "" : "›")));
  }

  /** Whether a link has a URL scheme that does not execute anything. */
  static boolean isSafe(String destination) {
    var scheme = SCHEME.matcher(destination.replaceAll("[\\p{Cntrl}\\s]", ""));
    return !scheme.matches()
        || List.of("http", "https", "mailto").contains(scheme.group(1).toLowerCase(Locale.ROOT));
  }
}
