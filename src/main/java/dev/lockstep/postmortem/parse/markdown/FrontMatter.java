package dev.lockstep.postmortem.parse.markdown;

import dev.lockstep.postmortem.parse.ParseProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks whether the front matter is complete. The parser treats the whole document as front matter
 * if it is never closed, and drops its lines that are not key-value pairs.
 *
 * @param document what is to be parsed, with line numbers unchanged
 */
public record FrontMatter(String document, List<ParseProblem> problems) {
  private static final Pattern BOUNDARY = Pattern.compile("-{3}\\s*|\\.{3}\\s*");
  private static final Pattern KEY =
      Pattern.compile("[\"']?[\\p{L}\\p{N}_][\\p{L}\\p{N}_ .-]{0,60}[\"']?\\s*+:(?:\\s.*+)?");
  private static final Pattern MORE =
      Pattern.compile("\\s*+(?:-\\s.*+|-|#.*+|)|\\s++\\S.*+|[\\]})].*+");

  public static FrontMatter parse(String text) {
    String[] lines = text.split("\n", -1);
    if (!lines[0].matches("-{3}\\s*+")) {
      return new FrontMatter(text, List.of());
    }
    int end = 1;
    while (end < lines.length && !BOUNDARY.matcher(lines[end]).matches()) {
      end++;
    }
    List<ParseProblem> problems = new ArrayList<>();
    if (end == lines.length) {
      if (lines.length > 1 && KEY.matcher(lines[1]).matches()) {
        problems.add(
            new ParseProblem(1, "the front matter is never closed; write --- below its last key"));
      }
      // A horizontal rule instead, as in Markdown.
      return new FrontMatter("***" + text.substring(3), problems);
    }
    for (int i = 1; i < end; i++) {
      if (!KEY.matcher(lines[i]).matches() && !MORE.matcher(lines[i]).matches()) {
        problems.add(
            new ParseProblem(
                i + 1,
                "\"%s\" in the front matter is not read; write it as key: value"
                    .formatted(TemplatePlaceholders.brief(lines[i]))));
      }
    }
    return new FrontMatter(text, problems);
  }
}
