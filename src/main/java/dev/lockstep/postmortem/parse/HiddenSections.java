package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.markdown.HtmlTags;
import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.Headings;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/** Reports headings of action items within HTML and code, which Markdown does not treat as such. */
final class HiddenSections {
  private static final Pattern HTML_HEADING =
      Pattern.compile("(?i)<(/?)h[1-6](?![a-z0-9])[^<>]*+>");

  private final MarkdownSource source;
  private final ParseResult findings;
  private final Headings headings;

  HiddenSections(MarkdownSource source, Headings headings, ParseResult findings) {
    this.source = source;
    this.findings = findings;
    this.headings = headings;
  }

  void report(HtmlBlock block, @Nullable Section section) {
    String html = block.getLiteral();
    if (section != null) {
      if (!HtmlTags.removeFrom(html).isBlank()) {
        findings.problem(
            source.line(block),
            "a block of HTML among the action items is not read; write it as a Markdown list or"
                + " table",
            section);
      }
      return;
    }
    Matcher tag = HTML_HEADING.matcher(html);
    int from = -1;
    while (tag.find()) {
      boolean closes = !tag.group(1).isEmpty();
      String words =
          closes && from >= 0 ? HtmlTags.removeFrom(html.substring(from, tag.start())) : "";
      from = closes ? -1 : tag.end();
      if (headings.announcesActions(words, false)) {
        findings.problem(
            source.line(block),
            "the heading \"%s\" is HTML, and what follows is not read; write it as ## in Markdown"
                .formatted(TemplatePlaceholders.brief(words)));
      }
    }
  }

  /**
   * A fence that is never closed includes the rest of the document, which is probably a mistake.
   *
   * @return the content of such a fence, to be read too; else null
   */
  @Nullable MarkdownSource report(FencedCodeBlock code) {
    if (!hasHeading(code.getLiteral())) {
      return null;
    }
    int line = source.line(code);
    MarkdownSource within = source.at(line + 1, code.getLiteral());
    for (Node node : MarkdownSource.children(within.document())) {
      String heading = node instanceof Heading ? InlineText.of(node).line() : "";
      if (headings.announcesActions(heading, false)) {
        boolean closed = code.getClosingFenceLength() != null;
        findings.problem(
            line,
            "the code block from line %d %s \"%s\" at line %d; %s"
                .formatted(
                    line,
                    closed ? "holds" : "is never closed and swallows",
                    TemplatePlaceholders.brief(heading),
                    within.line(node),
                    closed ? "code is not read, so move it out of the block" : "close it before"));
        return closed ? null : within;
      }
    }
    return null;
  }

  /** Most code has none and need not be parsed. */
  private boolean hasHeading(String code) {
    return code.contains("#")
        && code.lines()
            .filter(line -> line.startsWith("#"))
            .anyMatch(line -> headings.announcesActions(line.replace('#', ' '), false));
  }
}
